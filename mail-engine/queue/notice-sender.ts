/**
 * Sends the DSNs that entries owe. A notice is written on its entries in the transaction that settles them; here it is composed,
 * injected through intake with an empty sender, and only then taken off, entries that have ended with it. A crash at any point
 * repeats the rest, and `injectOnce` sees to it that the DSN itself is not repeated. One at a time per runner.
 */
import type { Pool } from 'pg';
import { injectMessage, toLocalRecipients } from '#engine/delivery/local/local-delivery.ts';
import { readAddressLiteral } from '#engine/dns/address-literal.ts';
import { type Intake, IntakeError, type IntakeRecipient } from '#engine/intake/types.ts';
import { normaliseDomain } from '#server/addresses/normalise-address.ts';
import { inTransaction } from '#server/database/pool-transaction.ts';
import type { Directory } from '#server/directory/types.ts';
import type { Logger } from '#server/logger.ts';
import type { Clock } from './clock.ts';
import { composeNotice } from './compose-notice.ts';
import { loadNotice, type OwedNotice } from './load-notice.ts';
import { removeEmptyMessage } from './remove-empty-message.ts';
import { insertTraces } from './trace.ts';

export interface NoticeSenderOptions {
  pool: Pool;
  intake: Intake;
  directory: Directory;
  clock: Clock;
  /** Our name: Reporting-MTA, and the domain of the DSN's own From. */
  hostname: string;
  log: Logger;
  /** Runs the injection unless its ref was injected before. */
  injectOnce: (ref: string, inject: () => Promise<void>) => Promise<boolean>;
}

/** Notices looked for at a time. */
const BATCH = 50;

/** Lower-case A-labels, or an address literal as it is; undefined where mail cannot go. */
function findDestination(address: string): string | undefined {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return readAddressLiteral(domain) === null ? normaliseDomain(domain) : domain;
}

/** Nothing is reported about a report (RFC 3461 §6.1). */
function toQueueRecipients(address: string): IntakeRecipient[] {
  const destination = findDestination(address);
  return destination === undefined ? [] : [{ kind: 'remote', address, destination, notify: 'NEVER' }];
}

const OWED = `
SELECT notice_ref AS ref FROM queue_entry WHERE notice_ref IS NOT NULL GROUP BY notice_ref ORDER BY min(id) LIMIT $1`;

/** Of the entries a notice spoke of, those that had ended go; one that was only late stays, owing nothing. */
const SETTLE_ENDED = `DELETE FROM queue_entry WHERE notice_ref = $1 AND state IN ('delivered', 'bounced')`;
const SETTLE_LATE = 'UPDATE queue_entry SET notice_ref = NULL, notice = NULL WHERE notice_ref = $1';

export class NoticeSender {
  readonly #options: NoticeSenderOptions;

  constructor(options: NoticeSenderOptions) {
    this.#options = options;
  }

  /**
   * Sends what is owed; true where anything was. What cannot be sent now is logged, left for a later call and does not hold up
   * the others.
   */
  async sendOwed(signal: AbortSignal): Promise<boolean> {
    const { rows } = await this.#options.pool.query<{ ref: string }>(OWED, [BATCH]);
    let sent = false;
    for (const { ref } of rows) {
      if (signal.aborted) break;
      try {
        await this.#send(ref);
        sent = true;
      } catch (error) {
        this.#options.log.error(
          { ref, err: error },
          'delivery status notification could not be sent, will be tried again',
        );
      }
    }
    return sent;
  }

  async #send(ref: string): Promise<void> {
    const { pool, log, injectOnce } = this.#options;
    const owed = await loadNotice(pool, ref);
    if (!owed) return;
    const recipients = await this.#findSender(owed);
    if (recipients.length === 0) {
      log.warn(
        { ref, queue: owed.message.ref },
        'double bounce: the sender of an undeliverable message does not exist',
      );
      await this.#settle(owed, 'double bounce: no such sender, nobody is told');
      return;
    }
    await injectOnce(ref, () => this.#inject(owed, recipients));
    await this.#settle(owed, null);
  }

  /** Into the sender's folder; where that turns out full, into the queue, which tries again until the notice expires. */
  async #inject(owed: OwedNotice, recipients: IntakeRecipient[]): Promise<void> {
    const { pool, intake, hostname, clock } = this.#options;
    const { ref, message } = owed;
    const { sizeBytes, open } = await composeNotice(pool, owed, { hostname, now: clock.now() });
    const { smtpUtf8, requireTls } = message;
    const envelope = { sender: '', ref, received: '', peer: 'queue', maxBytes: sizeBytes, smtpUtf8, requireTls };
    try {
      await injectMessage(intake, { ...envelope, recipients }, open());
    } catch (error) {
      if (!(error instanceof IntakeError) || error.code !== 'over-quota') throw error;
      await injectMessage(intake, { ...envelope, recipients: toQueueRecipients(message.sender) }, open());
    }
  }

  /** To the sender's folder, or to the queue where the sender is elsewhere or its mailbox is full. Empty: there is no such sender. */
  async #findSender({ message: { sender } }: OwedNotice): Promise<IntakeRecipient[]> {
    const resolution = await this.#options.directory.resolveRecipient(sender);
    switch (resolution.kind) {
      case 'deliverable':
        if (resolution.remotes.length === 0 && resolution.responderIds.length === 0) {
          return toLocalRecipients(sender, resolution.targets);
        }
        return toQueueRecipients(sender);
      case 'unknown':
      case 'suspended':
      case 'circular':
        return [];
      case 'over-quota':
      case 'not-hosted':
        return toQueueRecipients(sender);
    }
  }

  async #settle({ ref, message, entries }: OwedNotice, dropped: string | null): Promise<void> {
    const { pool, clock } = this.#options;
    await inTransaction(pool, async (client) => {
      await client.query('SELECT FROM queue_message WHERE id = $1 FOR UPDATE', [message.id]);
      await client.query(SETTLE_ENDED, [ref]);
      await client.query(SETTLE_LATE, [ref]);
      await removeEmptyMessage(client, message.id);
      if (dropped === null) return;
      const { ref: messageRef, accountId, sender } = message;
      const events = entries.map(({ recipient }) => ({
        kind: 'removed' as const,
        ref: messageRef,
        accountId,
        sender,
        recipient,
        peer: null,
        detail: dropped,
      }));
      await insertTraces(client, events, clock.now());
    });
  }
}
