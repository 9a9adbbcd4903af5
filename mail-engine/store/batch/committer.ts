/**
 * Group commit. Whatever members are ready when nothing is being written are written as one batch, while the next ones gather; there
 * is no timer, so an idle server commits at once and a busy one batches by itself.
 *
 * - Once half as many again are ready as the batch under way has, they are sent behind it: PostgreSQL then goes from one to the next
 *   without waiting for this process, and batches do not get smaller by it. Two at a time, on two connections, wait for each other instead.
 * - An account held by someone else sends its members to the patient lane, which waits a little, and then turns what still cannot be
 *   stored into queue entries.
 */
import type { Pool } from 'pg';
import { queryWithin } from '#server/database/query-within.ts';
import { int8Array } from '../binary-array.ts';
import { type Batch, BatchWriter, toBatch, type Waiting } from './batch-writer.ts';
import { ANSWER_MS } from './exchange.ts';
import type { IdSource } from './id-source.ts';
import { isPlain } from './plain-plan.ts';
import { type FolderCommit, type Member, type Receipt, RefusedError } from './types.ts';
import type { BatchOutcome } from './write-batch.ts';

const BATCH_MEMBERS = 200;
const BATCH_BYTES = 8 * 1024 * 1024;
/** What PostgreSQL does per batch, whatever is in it, is worth that many members; a batch sent behind another has more. */
const LEAST_BEHIND = 3;
/** As many members a batch sent behind another has at least for each of that one's. */
const GROWTH_BEHIND = 1.5;
/** Batches that are no round trip any more (two at most) and the patient lane have a connection each, the others one together. */
export const BATCH_CONNECTIONS = 4;

const CREATE_MISSING_FOLDERS = `SELECT create_default_folders(a.id) FROM account a
  WHERE a.id = ANY($1::bigint[]) AND NOT EXISTS (SELECT 1 FROM folder f JOIN account_usage u ON u.account_id = f.account_id
    WHERE f.account_id = a.id AND f.name = 'INBOX') ORDER BY a.id`;

export interface CommitterOptions {
  /** Of `BATCH_CONNECTIONS`. */
  pool: Pool;
  blobIds: IdSource;
  queueIds: IdSource;
  /** Called after each commit, before its members are answered. */
  publish: (commits: readonly FolderCommit[]) => void;
  onError: (error: unknown, members: number) => void;
  /** How long it waits for a server that went away in the middle of a commit. */
  patienceMs?: number;
  /** How long it waits for an answer of one that is there. */
  answerMs?: number;
}

export interface Committer {
  /** Resolves when the member is on disk; rejects with `RefusedError` when nothing of it is. */
  submit(member: Member): Promise<Receipt>;
  /** Waits for everything submitted. */
  close(): Promise<void>;
}

/** What is sent of a message: its bytes where they are not stored yet, and what is kept beside them, which may be more. */
function bytesOf({ member: { blob } }: Waiting): number {
  const { imapEnvelope, imapBody, bodyStructure, structure } = blob.facts;
  const beside = imapEnvelope.length + imapBody.length + bodyStructure.length + structure.length;
  return blob.chunks.reduce((sum, chunk) => sum + chunk.length, beside);
}

/** Takes from `ready`, in order, what fits a batch. */
function takeBatch(ready: Waiting[]): Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const waiting of ready) {
    if (count === BATCH_MEMBERS || bytes >= BATCH_BYTES) break;
    bytes += bytesOf(waiting);
    count += 1;
  }
  return ready.splice(0, count);
}

class GroupCommitter implements Committer {
  readonly #options: CommitterOptions;
  readonly #writer: BatchWriter;
  readonly #ready: Waiting[] = [];
  readonly #underWay = new Set<Batch>();
  readonly #patient: Waiting[] = [];
  #patientIdle = true;
  #scheduled = false;
  #unfinished = 0;
  #whenEmpty: (() => void)[] = [];

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#writer = new BatchWriter({
      ...options,
      conclude: (batch, outcome) => this.#conclude(batch, outcome),
      refuse: (waiting, error) => this.#refuse(waiting, error),
    });
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
      this.#start();
    });
  }

  #start(): void {
    while (this.#ready.length > 0 && this.#mayStart()) void this.#run(toBatch(takeBatch(this.#ready), 'skip'));
    if (this.#patientIdle && this.#patient.length > 0) void this.#runPatient(takeBatch(this.#patient));
  }

  /** Beside a batch that takes more than one round trip nothing is written: it may hold the same accounts. */
  #mayStart(): boolean {
    if (this.#underWay.size === 0) return true;
    const [first, second] = this.#underWay;
    if (!first?.plain || second) return false;
    const enough = this.#ready.length >= Math.max(LEAST_BEHIND, GROWTH_BEHIND * first.waiting.length);
    return enough && this.#ready.every(({ member }) => isPlain(member));
  }

  async #run(batch: Batch): Promise<void> {
    this.#underWay.add(batch);
    await this.#writer.write(batch);
    this.#underWay.delete(batch);
    this.#start();
  }

  async #runPatient(waiting: readonly Waiting[]): Promise<void> {
    this.#patientIdle = false;
    const accounts = waiting.flatMap(({ member }) => member.placements.map(({ accountId }) => accountId));
    try {
      await queryWithin(this.#options.pool, ANSWER_MS, CREATE_MISSING_FOLDERS, [int8Array(accounts)]);
    } catch (error) {
      this.#options.onError(error, waiting.length); // what still lacks its folders is diverted below
    }
    await this.#writer.write(toBatch(waiting, 'wait'));
    this.#patientIdle = true;
    this.#start();
  }

  #conclude({ waiting, mode }: Batch, outcome: BatchOutcome): void {
    this.#options.publish(outcome.commits);
    for (const one of waiting) {
      const receipt = outcome.receipts.get(one.member);
      const refusal = outcome.refused.get(one.member);
      if (receipt) this.#accept(one, receipt);
      else if (refusal) this.#refuse(one, new RefusedError(refusal));
    }
    const postponed = waiting.filter(({ member }) => outcome.postponed.includes(member));
    if (mode === 'skip') this.#patient.push(...postponed);
    else if (postponed.length > 0) void this.#writer.write(toBatch(postponed, 'divert')); // never rejects
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
