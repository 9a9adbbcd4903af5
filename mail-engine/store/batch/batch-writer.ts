/**
 * Writes one batch, whatever comes of it, so that each of its members is stored, refused or postponed.
 *
 * - A batch that fails is tried again member by member, so that one bad message never fails another; a member that fails alone is
 *   refused as `unavailable` and nothing of it is kept.
 * - A connection lost during COMMIT is answered by looking whether the blobs are there, for a while if need be. Retries keep their blob ids, so that a
 *   commit that landed unseen makes them fail rather than store twice.
 * - A member in doubt is written alone from then on: that it is there says nothing of another one. And what a second writing would have come
 *   to says nothing of the first one, which may be what landed: only the rows do.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { createExchanger } from './exchange.ts';
import type { IdSource } from './id-source.ts';
import { isPlain } from './plain-plan.ts';
import { readLanded } from './read-landed.ts';
import { createSharedConnection } from './shared-connection.ts';
import { type Member, type Receipt, RefusedError } from './types.ts';
import { writeAtOnce } from './write-at-once.ts';
import { type BatchOutcome, CommitUnknownError, type LockMode, writeBatch } from './write-batch.ts';

const LOCK_NOT_AVAILABLE = '55P03';
/** A restart of PostgreSQL takes less; a client waits ten minutes for the reply to its final dot (RFC 5321 §4.5.3.2.6). */
const PATIENCE_MS = 30_000;
const ASK_AGAIN_MS = 250;
/** Of several connections to a server that vanished the next may be as dead. */
const ASK_MS = 5_000;

/** A member and who waits for it. */
export interface Waiting {
  member: Member;
  blobId: number | null;
  queueId: number | null;
  /** A commit of it was lost on the way: it may still land after it was looked for. */
  inDoubt: boolean;
  resolve: (receipt: Receipt) => void;
  reject: (error: RefusedError) => void;
}

export interface Batch {
  readonly waiting: readonly Waiting[];
  readonly mode: LockMode;
  /** It is one round trip, as far as is known: what is sent behind it need not wait for its answer. */
  plain: boolean;
}

export function toBatch(waiting: readonly Waiting[], mode: LockMode): Batch {
  return { waiting, mode, plain: mode === 'skip' && waiting.every(({ member }) => isPlain(member)) };
}

export interface BatchWriterOptions {
  pool: Pool;
  blobIds: IdSource;
  queueIds: IdSource;
  /** What became of a batch's members, or of some of them; the others follow. */
  conclude: (batch: Batch, outcome: BatchOutcome) => void;
  refuse: (waiting: Waiting, error: RefusedError) => void;
  onError: (error: unknown, members: number) => void;
  /** How long it waits for a server that went away in the middle of a commit. */
  patienceMs?: number | undefined;
  /** How long it waits for an answer of one that is there. */
  answerMs?: number | undefined;
}

export class BatchWriter {
  readonly #options: BatchWriterOptions;
  readonly #exchanger;
  readonly #shared;

  constructor(options: BatchWriterOptions) {
    this.#options = options;
    this.#exchanger = createExchanger(options.answerMs);
    this.#shared = createSharedConnection(options.pool);
  }

  /** Never rejects: of each member is told what became of it. */
  async write(batch: Batch): Promise<void> {
    const { waiting, mode } = batch;
    const inDoubt = waiting.filter((one) => one.inDoubt);
    if (inDoubt.length === 0 || waiting.length === 1) return this.#writeTogether(batch);
    for (const one of inDoubt) await this.#writeTogether(toBatch([one], mode));
    const others = waiting.filter((one) => !inDoubt.includes(one));
    if (others.length > 0) await this.#writeTogether(toBatch(others, mode));
  }

  async #writeTogether(batch: Batch): Promise<void> {
    try {
      const outcome = await this.#attempt(batch);
      this.#options.conclude(batch, await this.#lookBehindRefusal(batch, outcome));
    } catch (error) {
      batch.plain = false;
      await this.#recover(batch, error);
    }
  }

  /** A member in doubt that is refused may have landed, and be itself what filled the account. */
  async #lookBehindRefusal({ waiting }: Batch, outcome: BatchOutcome): Promise<BatchOutcome> {
    const [one] = waiting;
    if (!one?.inDoubt || outcome.refused.size === 0) return outcome;
    const landed = await this.#findLanded(waiting);
    if (landed === 'unknown') return { ...outcome, refused: new Map([[one.member, 'unavailable']]) };
    return landed ?? outcome;
  }

  async #attempt(batch: Batch): Promise<BatchOutcome> {
    const { waiting, mode } = batch;
    await this.#number(waiting);
    const members = waiting.map(({ member }) => member);
    const ids = {
      blobIds: new Map(waiting.map(({ member, blobId }) => [member, blobId ?? Number.NaN])),
      queueIds: new Map(waiting.map(({ member, queueId }) => [member, queueId ?? Number.NaN])),
    };
    if (batch.plain) {
      const exchanger = this.#exchanger;
      const written = await this.#shared.use((client) => writeAtOnce({ exchanger, client }, members, ids));
      if (written) return written;
      batch.plain = false;
    }
    // Nobody else may send anything there: it is a transaction of two round trips.
    const own = createSharedConnection(this.#options.pool);
    return own.use((client) => writeBatch({ exchanger: this.#exchanger, client }, members, ids, mode));
  }

  async #number(batch: readonly Waiting[]): Promise<void> {
    const blobless = batch.filter(({ blobId }) => blobId === null);
    const queueless = batch.filter(({ member, queueId }) => member.queue !== null && queueId === null);
    const blobIds = await this.#options.blobIds.take(blobless.length);
    blobless.forEach((waiting, at) => {
      waiting.blobId = blobIds[at] ?? null;
    });
    const queueIds = await this.#options.queueIds.take(queueless.length);
    queueless.forEach((waiting, at) => {
      waiting.queueId = queueIds[at] ?? null;
    });
  }

  async #recover(batch: Batch, error: unknown): Promise<void> {
    const { waiting, mode } = batch;
    const wasInDoubt = waiting.some(({ inDoubt }) => inDoubt);
    if (error instanceof CommitUnknownError) {
      const landed = await this.#findLanded(waiting, wasInDoubt ? undefined : error.outcome);
      if (landed === 'unknown') return this.#refuseAll(waiting, error);
      if (landed) return this.#options.conclude(batch, landed);
      for (const one of waiting) one.inDoubt = true;
    }
    if (mode === 'wait' && (error as { code?: unknown }).code === LOCK_NOT_AVAILABLE)
      return this.write(toBatch(waiting, 'divert'));
    if (waiting.length === 1 && (wasInDoubt || !(error instanceof CommitUnknownError)))
      return this.#refuseUnlessLanded(batch, error, wasInDoubt);
    this.#options.onError(error, waiting.length);
    for (const one of waiting) await this.write(toBatch([one], mode));
  }

  /** What landed after it was looked for lets its second writing fail: then it is there after all. */
  async #refuseUnlessLanded(batch: Batch, error: unknown, wasInDoubt: boolean): Promise<void> {
    const landed = wasInDoubt ? await this.#findLanded(batch.waiting) : undefined;
    if (landed && landed !== 'unknown') this.#options.conclude(batch, landed);
    else this.#refuseAll(batch.waiting, error);
  }

  /**
   * What became of a batch whose connection was lost; undefined where nothing of it was kept. A server that is away is waited for: told
   * "try again later", the peers would send what may be there already.
   */
  async #findLanded(batch: readonly Waiting[], known?: BatchOutcome): Promise<BatchOutcome | undefined | 'unknown'> {
    const { pool, patienceMs = PATIENCE_MS } = this.#options;
    const members = new Map(batch.map(({ member, blobId }) => [blobId ?? Number.NaN, member]));
    const ends = performance.now() + patienceMs;
    for (let tries = 1; ; tries++) {
      try {
        return await readLanded({ pool, askMs: ASK_MS }, members, known);
      } catch (error) {
        if (tries === 1) this.#options.onError(error, batch.length);
        if (performance.now() >= ends) return 'unknown';
      }
      await delay(ASK_AGAIN_MS);
    }
  }

  #refuseAll(batch: readonly Waiting[], cause: unknown): void {
    this.#options.onError(cause, batch.length);
    for (const waiting of batch) this.#options.refuse(waiting, new RefusedError('unavailable', { cause }));
  }
}
