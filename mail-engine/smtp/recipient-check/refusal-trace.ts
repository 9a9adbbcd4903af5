/**
 * Refused recipients for the mail log: written behind the session's back, some at a time, at most so many a minute. What is over is
 * counted and not written, for a stranger may be refused as often as he likes.
 */
import type { Pool } from 'pg';
import type { Clock } from '#engine/queue/clock.ts';
import type { Logger } from '#server/logger.ts';

interface Refusal {
  /** The connection's. */
  ref: string;
  sender: string;
  recipient: string;
  /** A-labels; the refusal is its owner's to see. */
  domain: string;
  peer: string;
  reply: string;
}

export interface RefusalTrace {
  add(refusal: Refusal): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

interface RefusalTraceOptions {
  pool: Pool;
  clock: Clock;
  log: Logger;
  maxPerMinute?: number;
}

const MAX_PER_MINUTE = 600;
const GATHER_MS = 2_000;
const MINUTE_MS = 60_000;

const INSERT = `
INSERT INTO trace (at, kind, ref, domain_id, sender, recipient, peer, detail)
SELECT $1, 'refused', t.ref, d.id, t.sender, t.recipient, t.peer, t.detail
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
  AS t (ref, sender, recipient, peer, detail, domain)
LEFT JOIN domain d ON d.name = t.domain AND d.deleted_at IS NULL`;

class BoundedRefusalTrace implements RefusalTrace {
  readonly #options: RefusalTraceOptions;
  readonly #max: number;
  #waiting: Refusal[] = [];
  #minuteFrom = 0;
  #inMinute = 0;
  #dropped = 0;
  #cancel: (() => void) | null = null;
  #writing: Promise<void> | null = null;

  constructor(options: RefusalTraceOptions) {
    this.#options = options;
    this.#max = options.maxPerMinute ?? MAX_PER_MINUTE;
  }

  add(refusal: Refusal): void {
    const at = this.#options.clock.now().getTime();
    if (at - this.#minuteFrom >= MINUTE_MS) this.#beginMinute(at);
    // A database that does not take them keeps no more of them in memory either.
    if (this.#inMinute >= this.#max || this.#waiting.length >= this.#max) {
      this.#dropped += 1;
      return;
    }
    this.#inMinute += 1;
    this.#waiting.push(refusal);
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#cancel?.();
    await this.#writing;
    await this.#write();
  }

  #beginMinute(at: number): void {
    if (this.#dropped > 0)
      this.#options.log.info({ refusals: this.#dropped }, 'refusals over the limit of the mail log');
    this.#minuteFrom = at;
    this.#inMinute = 0;
    this.#dropped = 0;
  }

  /** One write at a time, each with all that came meanwhile. */
  #schedule(): void {
    if (this.#cancel !== null || this.#writing !== null) return;
    this.#cancel = this.#options.clock.setTimer(GATHER_MS, () => {
      this.#cancel = null;
      this.#writing = this.#write().then(() => {
        this.#writing = null;
        if (this.#waiting.length > 0) this.#schedule();
      });
    });
  }

  async #write(): Promise<void> {
    const refusals = this.#waiting.splice(0);
    if (refusals.length > 0) await this.#insert(refusals);
  }

  async #insert(refusals: readonly Refusal[]): Promise<void> {
    const { pool, clock, log } = this.#options;
    try {
      await pool.query(INSERT, [
        clock.now(),
        refusals.map(({ ref }) => ref),
        refusals.map(({ sender }) => sender),
        refusals.map(({ recipient }) => recipient),
        refusals.map(({ peer }) => peer),
        refusals.map(({ reply }) => reply),
        refusals.map(({ domain }) => domain),
      ]);
    } catch (error) {
      log.warn({ err: error, refusals: refusals.length }, 'refusals are missing in the mail log');
    }
  }
}

export function createRefusalTrace(options: RefusalTraceOptions): RefusalTrace {
  return new BoundedRefusalTrace(options);
}
