/**
 * Looks after accounts on hold: tells the owner (into INBOX) and who hosts them (by mail through the queue), once each however often
 * engines stop in between, and lets go what was stored after its account was released. Runs when an account is put on hold here, and
 * every minute for those of other nodes and for what could not be told at once.
 */
import { domainToASCII } from 'node:url';
import type { Pool } from 'pg';
import { injectMessage } from '#engine/delivery/local/local-delivery.ts';
import { type Intake, type IntakeEnvelope, IntakeError, type IntakeRecipient } from '#engine/intake/types.ts';
import { injectOnce } from '#engine/queue/inject-once.ts';
import { logger } from '#server/logger.ts';
import { composeForHost, composeForOwner } from './compose-hold-notice.ts';
import { settleStrayEntries } from './settle-stray-entries.ts';
import { findUntold, type HeldAccount, markTold } from './untold-holds.ts';

export interface HoldKeeperOptions {
  pool: Pool;
  intake: Intake;
  hostname: string;
  now: () => Date;
  /** Entries were let go: the queue is to look. */
  onQueued: () => void;
}

export interface HoldKeeper {
  /** One round; resolves when it is over. What fails is logged and left to the next. */
  run(): Promise<void>;
  /** Begins a round now, or after the one under way. */
  wake(): void;
  /** Waits for the round under way; none begins after. */
  close(): Promise<void>;
}

const BATCH = 50;
const log = logger('held-mail');

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/** Nobody is told about what could not be told. */
function toRemote(address: string): IntakeRecipient[] {
  const destination = domainToASCII(address.slice(address.lastIndexOf('@') + 1));
  return destination === '' ? [] : [{ kind: 'remote', address, destination, notify: 'NEVER' }];
}

class Keeper implements HoldKeeper {
  readonly #options: HoldKeeperOptions;
  #running: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(options: HoldKeeperOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    this.wake();
    await this.#running;
  }

  wake(): void {
    this.#again = true;
    if (!this.#closed) this.#running ??= this.#loop();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #loop(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        await this.#round();
      } catch (err) {
        log.error({ err }, 'accounts on hold could not be looked after, will be tried again');
      }
    }
    this.#running = null;
  }

  async #round(): Promise<void> {
    const { pool, now, onQueued } = this.#options;
    for (const held of await findUntold(pool, BATCH)) {
      try {
        await this.#tell(held);
      } catch (err) {
        log.error({ err, accountId: held.accountId }, 'the owner of held mail could not be told, will be tried again');
      }
    }
    if ((await settleStrayEntries(pool, now())) > 0) onQueued();
  }

  async #tell(held: HeldAccount): Promise<void> {
    const { pool, hostname, now } = this.#options;
    const facts = { hostname, now: now() };
    await injectOnce(pool, held.ref, () => this.#tellOwner(held, composeForOwner(facts, held)));
    for (const [index, email] of held.hosts.entries()) {
      const envelope = this.#envelopeFor(`${held.ref}-${index}`, email, toRemote(email));
      if (envelope.recipients.length === 0) continue;
      await injectOnce(pool, envelope.ref, () => this.#inject(envelope, composeForHost(facts, email, held)));
    }
    await markTold(pool, held, now());
    log.warn({ accountId: held.accountId, address: held.address, reason: held.reason }, 'outgoing mail is held');
  }

  /** Where the mailbox is full, through the queue, which tries again for days. */
  async #tellOwner({ ref, address, accountId, domainId }: HeldAccount, body: Buffer): Promise<void> {
    const envelope = this.#envelopeFor(ref, address, [{ kind: 'local', accountId, domainId, address }]);
    try {
      await this.#inject(envelope, body);
    } catch (error) {
      if (!(error instanceof IntakeError) || error.code !== 'over-quota') throw error;
      await this.#inject({ ...envelope, recipients: toRemote(address) }, body);
    }
  }

  #envelopeFor(ref: string, address: string, recipients: IntakeRecipient[]): Omit<IntakeEnvelope, 'maxBytes'> {
    return { sender: '', recipients, ref, received: '', peer: 'queue', smtpUtf8: !isAscii(address) };
  }

  async #inject(envelope: Omit<IntakeEnvelope, 'maxBytes'>, body: Buffer): Promise<void> {
    await injectMessage(this.#options.intake, { ...envelope, maxBytes: body.length }, [body]);
  }
}

export function createHoldKeeper(options: HoldKeeperOptions): HoldKeeper {
  return new Keeper(options);
}
