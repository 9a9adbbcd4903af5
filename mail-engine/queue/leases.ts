/**
 * The leases of one runner: kept up for as long as it has the entries in hand, and those of runners that are gone ended. All skip
 * what somebody has locked: an entry that is being settled needs none of this, and so no two of these statements can deadlock.
 *
 * Their time is the database's, so that no runner whose clock is ahead takes a live lease from another. A runner never takes what it
 * has in hand from itself: where the database was away or the machine asleep for longer than a lease, its deliveries go on.
 */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Logger } from '#server/logger.ts';
import type { Clock } from './clock.ts';
import type { LeasedMessage } from './types.ts';

export interface LeasesOptions {
  pool: Pool;
  clock: Clock;
  log: Logger;
}

export const LEASE_SECONDS = 120;
const RENEW_MS = (LEASE_SECONDS * 1000) / 3;

const RENEW = `
UPDATE queue_entry SET lease_until = now() + make_interval(secs => $3) WHERE id IN (
  SELECT id FROM queue_entry WHERE id = ANY ($1) AND state = 'leased' AND lease_owner = $2 ORDER BY id FOR UPDATE SKIP LOCKED)`;

const END = `
UPDATE queue_entry SET state = 'waiting', lease_owner = NULL, lease_until = NULL WHERE id IN (
  SELECT id FROM queue_entry WHERE state = 'leased' AND lease_until < now() AND NOT (lease_owner = $1 AND id = ANY ($2))
  ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED)`;

export class Leases {
  readonly owner = randomUUID();
  readonly #options: LeasesOptions;
  /** Ids of entries. */
  readonly #inHand = new Set<number>();
  #renewedAt = 0;
  #cancelRenewal: (() => void) | null = null;

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /**
   * Holds what was leased just now; its leases are renewed until `drop`. Returns what of it is to be delivered: the rest has been in hand all
   * along, another runner had ended its lease, and the delivery under way has it again.
   */
  take(message: LeasedMessage): LeasedMessage | undefined {
    const entries = message.entries.filter(({ id }) => !this.#inHand.has(id));
    if (entries.length === 0) return undefined;
    for (const { id } of entries) this.#inHand.add(id);
    this.#renewLater();
    return { ...message, entries };
  }

  drop({ entries }: LeasedMessage): void {
    for (const { id } of entries) this.#inHand.delete(id);
    if (this.#inHand.size > 0) return;
    this.#cancelRenewal?.();
    this.#cancelRenewal = null;
  }

  /**
   * Entries whose runner died return to waiting; their next attempt stands as it was booked. Returns how many. Renews its own first where
   * that is overdue, so that other runners, to which the database may just have come back too, find them alive.
   */
  async endExpired(): Promise<number> {
    const { pool, clock } = this.#options;
    if (clock.now().getTime() - this.#renewedAt >= RENEW_MS) await this.#renew();
    const values = [this.owner, [...this.#inHand]];
    const { rowCount } = await pool.query({ name: 'queue-end-leases', text: END, values });
    return rowCount ?? 0;
  }

  async #renew(): Promise<void> {
    const { pool, clock } = this.#options;
    if (this.#inHand.size === 0) return;
    const values = [[...this.#inHand], this.owner, LEASE_SECONDS];
    await pool.query({ name: 'queue-renew-leases', text: RENEW, values });
    this.#renewedAt = clock.now().getTime();
  }

  #renewLater(): void {
    this.#cancelRenewal ??= this.#options.clock.setTimer(RENEW_MS, () => {
      this.#cancelRenewal = null;
      void this.#keep();
    });
  }

  async #keep(): Promise<void> {
    try {
      await this.#renew();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'leases could not be renewed');
    }
    if (this.#inHand.size > 0) this.#renewLater();
  }
}
