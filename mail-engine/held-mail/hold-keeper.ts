/**
 * Looks after accounts and domains on hold: tells the account's owner (into INBOX) and who hosts them (by mail through the queue), once
 * each however often engines stop in between, and lets go what was stored after its account was released. Runs when somebody is put
 * on hold here, and every minute for those of other nodes and for what could not be told at once.
 */
import { domainToASCII } from 'node:url';
import type { Pool } from 'pg';
import { injectMessage } from '#engine/delivery/local/local-delivery.ts';
import { type Intake, type IntakeEnvelope, IntakeError, type IntakeRecipient } from '#engine/intake/types.ts';
import { injectOnce } from '#engine/queue/inject-once.ts';
import { logger } from '#server/logger.ts';
import { composeForHost, composeForHostOfForwards, composeForOwner, type NoticeFacts } from './compose-hold-notice.ts';
import { settleStrayEntries } from './settle-stray-entries.ts';
import { findUntold, markTold, type UntoldHold } from './untold-holds.ts';

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
  /** Waits for what is being told; nothing more is after. */
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
        log.error({ err }, 'holds could not be looked after, will be tried again');
      }
    }
    this.#running = null;
  }

  async #round(): Promise<void> {
    const { pool, now, onQueued } = this.#options;
    for (const held of await findUntold(pool, BATCH)) {
      if (this.#closed) return;
      try {
        await this.#tell(held);
      } catch (err) {
        log.error({ err, hold: held.ref }, 'the owner of held mail could not be told, will be tried again');
      }
    }
    if ((await settleStrayEntries(pool, now())) > 0) onQueued();
  }

  async #tell(held: UntoldHold): Promise<void> {
    const { pool, hostname, now } = this.#options;
    const { account, domain, ref, reason } = held;
    const facts = { hostname, now: now() };
    if (account !== null) await injectOnce(pool, ref, () => this.#tellOwner(held, account, facts));
    for (const [index, email] of held.hosts.entries()) {
      const envelope = this.#envelopeFor(`${ref}-${index}`, email, toRemote(email));
      if (envelope.recipients.length === 0) continue;
      const body =
        account === null
          ? composeForHostOfForwards(facts, email, domain, reason)
          : composeForHost(facts, email, account.address, reason);
      await injectOnce(pool, envelope.ref, () => this.#inject(envelope, body));
    }
    await markTold(pool, held, now());
    if (account === null) log.warn({ domain, reason }, 'forwarded mail is held');
    else log.warn({ ...account, reason }, 'outgoing mail is held');
  }

  /** Where the mailbox is full, through the queue, which tries again for days. */
  async #tellOwner(
    { ref, domainId, reason }: UntoldHold,
    { accountId, address }: NonNullable<UntoldHold['account']>,
    facts: NoticeFacts,
  ): Promise<void> {
    const body = composeForOwner(facts, address, reason);
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
