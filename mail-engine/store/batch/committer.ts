/**
 * Group commit. Whatever members are ready when a lane is free are written as one batch, while the next ones gather; there is no
 * timer, so an idle server commits at once and a busy one batches by itself.
 *
 * - A batch that fails is retried member by member, so that one bad message never fails another; a member that fails alone is
 *   refused as `unavailable` and nothing of it is kept.
 * - Two lanes never have the same account at once. An account held by someone else sends its members to the patient lane, which
 *   waits a little, and then turns what still cannot be stored into queue entries.
 * - A connection lost during COMMIT is answered by looking whether the blobs are there, for a while if need be. Retries keep their blob ids, so that a
 *   commit that landed unseen makes them fail rather than store twice.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { int8Array } from '../binary-array.ts';
import { createExchanger } from './exchange.ts';
import type { IdSource } from './id-source.ts';
import { isPlain } from './plain-plan.ts';
import { readLanded } from './read-landed.ts';
import { type FolderCommit, type Member, type Receipt, RefusedError } from './types.ts';
import { writeAtOnce } from './write-at-once.ts';
import { type BatchOutcome, CommitUnknownError, type LockMode, type Session, writeBatch } from './write-batch.ts';

const BATCH_MEMBERS = 200;
const BATCH_BYTES = 8 * 1024 * 1024;
const LOCK_NOT_AVAILABLE = '55P03';
/** A restart of PostgreSQL takes less; a client waits ten minutes for the reply to its final dot (RFC 5321 §4.5.3.2.6). */
const PATIENCE_MS = 30_000;
const ASK_AGAIN_MS = 250;

const CREATE_MISSING_FOLDERS = `SELECT create_default_folders(a.id) FROM account a
  WHERE a.id = ANY($1::bigint[]) AND NOT EXISTS (SELECT 1 FROM folder f JOIN account_usage u ON u.account_id = f.account_id
    WHERE f.account_id = a.id AND f.name = 'INBOX') ORDER BY a.id`;

export interface CommitterOptions {
  /** One connection per lane and one for the patient lane. */
  pool: Pool;
  lanes: number;
  blobIds: IdSource;
  queueIds: IdSource;
  /** Called after each commit, before its members are answered. */
  publish: (commits: readonly FolderCommit[]) => void;
  onError: (error: unknown, members: number) => void;
  /** How long it waits for a server that went away in the middle of a commit. */
  patienceMs?: number;
}

export interface Committer {
  /** Resolves when the member is on disk; rejects with `RefusedError` when nothing of it is. */
  submit(member: Member): Promise<Receipt>;
  /** Waits for everything submitted. */
  close(): Promise<void>;
}

interface Waiting {
  member: Member;
  blobId: number | null;
  queueId: number | null;
  /** A commit of it was lost on the way: it may still land after it was looked for. */
  inDoubt: boolean;
  resolve: (receipt: Receipt) => void;
  reject: (error: RefusedError) => void;
}

function accountsOf(waiting: readonly Waiting[]): number[] {
  return waiting.flatMap(({ member }) => member.placements.map(({ accountId }) => accountId));
}

function bytesOf({ member }: Waiting): number {
  return member.blob.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/** Takes from `ready`, in order, what fits a batch and touches no account of `busy`. Members that share an account stay in order. */
function takeBatch(ready: Waiting[], busy: ReadonlySet<number>): Waiting[] {
  const taken: Waiting[] = [];
  const skipped: Waiting[] = [];
  const blocked = new Set(busy);
  let bytes = 0;
  let at = 0;
  for (; at < ready.length && taken.length < BATCH_MEMBERS && (bytes < BATCH_BYTES || taken.length === 0); at++) {
    const next = ready[at] as Waiting;
    const accounts = accountsOf([next]);
    if (accounts.some((account) => blocked.has(account))) {
      for (const account of accounts) blocked.add(account);
      skipped.push(next);
      continue;
    }
    taken.push(next);
    bytes += bytesOf(next);
  }
  ready.splice(0, at, ...skipped);
  return taken;
}

class GroupCommitter implements Committer {
  readonly #options: CommitterOptions;
  readonly #exchanger = createExchanger();
  readonly #ready: Waiting[] = [];
  readonly #patient: Waiting[] = [];
  readonly #busy = new Set<number>();
  #idleLanes: number;
  #patientIdle = true;
  #scheduled = false;
  #unfinished = 0;
  #whenEmpty: (() => void)[] = [];

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#idleLanes = options.lanes;
  }

  submit(member: Member): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      this.#unfinished += 1;
      this.#ready.push({ member, blobId: member.blob.pendingId, queueId: null, inDoubt: false, resolve, reject });
      this.#schedule();
    });
  }

  async close(): Promise<void> {
    if (this.#unfinished > 0) await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  /** After the input events of this turn, so that what arrived together is committed together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#startLanes();
    });
  }

  #startLanes(): void {
    while (this.#idleLanes > 0) {
      const batch = takeBatch(this.#ready, this.#busy);
      if (batch.length === 0) break;
      void this.#runLane(batch); // never rejects: every member is answered
    }
    if (this.#patientIdle && this.#patient.length > 0)
      void this.#runPatientLane(this.#patient.splice(0, BATCH_MEMBERS));
  }

  async #runLane(batch: readonly Waiting[]): Promise<void> {
    const accounts = accountsOf(batch);
    this.#idleLanes -= 1;
    for (const account of accounts) this.#busy.add(account);
    await this.#write(batch, 'skip');
    for (const account of accounts) this.#busy.delete(account);
    this.#idleLanes += 1;
    this.#startLanes();
  }

  async #runPatientLane(batch: readonly Waiting[]): Promise<void> {
    this.#patientIdle = false;
    try {
      await this.#options.pool.query(CREATE_MISSING_FOLDERS, [int8Array(accountsOf(batch))]);
    } catch (error) {
      this.#options.onError(error, batch.length); // what still lacks its folders is diverted below
    }
    await this.#write(batch, 'wait');
    this.#patientIdle = true;
    this.#startLanes();
  }

  /** Answers, or passes on, every member of the batch. */
  async #write(batch: readonly Waiting[], mode: LockMode): Promise<void> {
    try {
      this.#conclude(batch, await this.#attempt(batch, mode), mode);
    } catch (error) {
      await this.#recover(batch, mode, error);
    }
  }

  async #attempt(batch: readonly Waiting[], mode: LockMode): Promise<BatchOutcome> {
    await this.#number(batch);
    const blobIds = new Map(batch.map(({ member, blobId }) => [member, blobId ?? Number.NaN]));
    const queueIds = new Map(batch.map(({ member, queueId }) => [member, queueId ?? Number.NaN]));
    const members = batch.map(({ member }) => member);
    const plain = mode === 'skip' && isPlain(members);
    const written = plain
      ? await this.#on((session) => writeAtOnce(session, members, { blobIds, queueIds }))
      : undefined;
    return written ?? (await this.#on((session) => writeBatch(session, members, { blobIds, queueIds }, mode)));
  }

  async #on<T>(write: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#options.pool.connect();
    let failure: Error | undefined;
    try {
      return await write({ exchanger: this.#exchanger, client });
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      this.#release(client, failure);
    }
  }

  /** A connection on which a batch failed is closed: its transaction ends with it. */
  #release(client: PoolClient, failure: Error | undefined): void {
    client.release(failure);
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

  #conclude(batch: readonly Waiting[], outcome: BatchOutcome, mode: LockMode): void {
    this.#options.publish(outcome.commits);
    for (const waiting of batch) {
      const receipt = outcome.receipts.get(waiting.member);
      const refusal = outcome.refused.get(waiting.member);
      if (receipt) this.#accept(waiting, receipt);
      else if (refusal) this.#refuse(waiting, new RefusedError(refusal));
    }
    const postponed = batch.filter(({ member }) => outcome.postponed.includes(member));
    if (mode === 'skip') this.#patient.push(...postponed);
    else if (postponed.length > 0) void this.#write(postponed, 'divert'); // never rejects
  }

  async #recover(batch: readonly Waiting[], mode: LockMode, error: unknown): Promise<void> {
    const wasInDoubt = batch.some(({ inDoubt }) => inDoubt);
    if (error instanceof CommitUnknownError) {
      const landed = await this.#findLanded(batch, error.outcome);
      if (landed === 'unknown') return this.#refuseAll(batch, error);
      if (landed) return this.#conclude(batch, landed, mode);
      for (const waiting of batch) waiting.inDoubt = true;
    }
    if (mode === 'wait' && (error as { code?: unknown }).code === LOCK_NOT_AVAILABLE)
      return this.#write(batch, 'divert');
    if (batch.length === 1 && (wasInDoubt || !(error instanceof CommitUnknownError)))
      return this.#refuseUnlessLanded(batch, mode, error, wasInDoubt);
    this.#options.onError(error, batch.length);
    for (const waiting of batch) await this.#write([waiting], mode);
  }

  /** What landed after it was looked for lets its second writing fail: then it is there after all. */
  async #refuseUnlessLanded(
    batch: readonly Waiting[],
    mode: LockMode,
    error: unknown,
    wasInDoubt: boolean,
  ): Promise<void> {
    const landed = wasInDoubt ? await this.#findLanded(batch) : undefined;
    if (landed && landed !== 'unknown') this.#conclude(batch, landed, mode);
    else this.#refuseAll(batch, error);
  }

  /**
   * What became of a batch whose connection was lost; undefined where nothing of it was kept. A server that is away is waited for: told
   * "try again later", the peers would send what may be there already.
   */
  async #findLanded(batch: readonly Waiting[], known?: BatchOutcome): Promise<BatchOutcome | undefined | 'unknown'> {
    const { pool, patienceMs = PATIENCE_MS } = this.#options;
    const members = new Map(batch.map(({ member, blobId }) => [blobId ?? Number.NaN, member]));
    for (let waitedMs = 0; ; waitedMs += ASK_AGAIN_MS) {
      try {
        return await readLanded(pool, members, known);
      } catch (error) {
        if (waitedMs === 0) this.#options.onError(error, batch.length);
        if (waitedMs >= patienceMs) return 'unknown';
      }
      await delay(ASK_AGAIN_MS);
    }
  }

  #refuseAll(batch: readonly Waiting[], cause: unknown): void {
    this.#options.onError(cause, batch.length);
    for (const waiting of batch) this.#refuse(waiting, new RefusedError('unavailable', { cause }));
  }

  #accept(waiting: Waiting, receipt: Receipt): void {
    if (receipt.queued === 0 && waiting.queueId !== null) this.#options.queueIds.giveBack([waiting.queueId]);
    waiting.resolve(receipt);
    this.#finishOne();
  }

  #refuse(waiting: Waiting, error: RefusedError): void {
    waiting.reject(error);
    this.#finishOne();
  }

  #finishOne(): void {
    this.#unfinished -= 1;
    if (this.#unfinished > 0) return;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}

export function createCommitter(options: CommitterOptions): Committer {
  return new GroupCommitter(options);
}
