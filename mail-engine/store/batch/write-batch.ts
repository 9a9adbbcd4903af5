/**
 * Writes members in one transaction: two round trips (lock and read; then every statement and COMMIT at once, pipelined), however
 * many members there are. Resolves after PostgreSQL has said COMMIT, which is after its log is on disk; rejects when nothing was
 * kept, or with `CommitUnknownError` when the connection was lost after COMMIT was sent.
 */
import type { Socket } from 'node:net';
import type { PoolClient } from 'pg';
import { int8Array, textArray } from '../binary-array.ts';
import { batchColumns, blobColumns, type Numbered, queueColumns } from './columns.ts';
import { type BatchPlan, folderKey, type Locked, type LockedAccount, type LockedFolder, planBatch } from './plan.ts';
import * as statements from './statements.ts';
import type { FolderCommit, Member, Receipt, Refusal } from './types.ts';

/**
 * What to do about accounts that another transaction holds: `skip` postpones their members, `wait` waits for them (and fails
 * after a while), `divert` turns their copies into queue entries.
 */
export type LockMode = 'skip' | 'wait' | 'divert';

export interface BatchOutcome {
  receipts: Map<Member, Receipt>;
  refused: Map<Member, Refusal>;
  /** Members of which an account is held by another transaction or lacks its folders (not in mode `divert`); not written. */
  postponed: Member[];
  commits: FolderCommit[];
}

export class CommitUnknownError extends Error {
  /** What holds if it was committed after all. */
  readonly outcome: BatchOutcome;
  constructor(outcome: BatchOutcome, cause: unknown) {
    super('the connection was lost while committing', { cause });
    this.name = 'CommitUnknownError';
    this.outcome = outcome;
  }
}

export interface BatchIds {
  blobIds: ReadonlyMap<Member, number>;
  queueIds: ReadonlyMap<Member, number>;
}

const BEGIN_PATIENT = `BEGIN; SET LOCAL lock_timeout = '3s'`;

interface Statement {
  name: string;
  text: string;
}

/** Sends all at once and waits for all, so that none is left unobserved; throws the first failure. */
async function settle<T>(results: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(results);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** What is sent until the returned function is called leaves in one write: one system call, and the server is woken once. */
function cork(client: PoolClient): () => void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.cork();
  return () => stream.uncork();
}

async function lock(client: PoolClient, members: readonly Member[], mode: LockMode): Promise<Locked> {
  const placements = members.flatMap((member) => member.placements);
  const accountIds = int8Array([...new Set(placements.map(({ accountId }) => accountId))]);
  const wanted = new Map<string, [number, string]>();
  for (const { accountId, folderName, delivery } of placements) {
    for (const name of delivery ? ['INBOX', folderName] : [folderName]) {
      wanted.set(folderKey(accountId, name), [accountId, name]);
    }
  }
  const lockStatement = mode === 'wait' ? statements.LOCK_ACCOUNTS : statements.LOCK_FREE_ACCOUNTS;
  const names = [...wanted.values()];
  const uncork = cork(client);
  const begun = client.query(mode === 'wait' ? BEGIN_PATIENT : 'BEGIN');
  const accounts = client.query<LockedAccount>({ ...lockStatement, values: [accountIds] });
  const folders = client.query<LockedFolder>({
    ...statements.READ_FOLDERS,
    values: [int8Array(names.map(([id]) => id)), textArray(names.map(([, name]) => name))],
  });
  uncork();
  await settle<unknown>([begun, accounts, folders]);
  return {
    accounts: new Map((await accounts).rows.map((row) => [row.accountId, row])),
    folders: new Map((await folders).rows.map((row) => [folderKey(row.accountId, row.name), row])),
  };
}

function statementsFor(plan: BatchPlan, rows: readonly Numbered[], ids: BatchIds): [Statement, Buffer[]][] {
  const wanted: [Statement, Buffer[]][] = [[statements.WRITE_BATCH, batchColumns(plan, rows, ids.blobIds)]];
  const queued = rows.filter(({ queueId }) => queueId !== null);
  if (queued.length > 0) wanted.push([statements.WRITE_QUEUE, queueColumns(plan, queued)]);
  return wanted;
}

/** Makes streamed blobs ready, before anything refers to them. One that is not pending any more was swept, or is committed already. */
async function finishStreamed(client: PoolClient, rows: readonly Numbered[]): Promise<void> {
  const streamed = rows.filter(({ member }) => member.blob.pendingId !== null);
  if (streamed.length === 0) return;
  const { rowCount } = await client.query({ ...statements.FINISH_BLOBS, values: blobColumns(streamed) });
  if (rowCount !== streamed.length) throw new Error('a streamed message is not pending any more');
}

/** A statement that failed makes PostgreSQL answer COMMIT with ROLLBACK; a lost connection leaves the question open. */
async function writeAndCommit(
  client: PoolClient,
  wanted: [Statement, Buffer[]][],
  outcome: BatchOutcome,
): Promise<void> {
  const uncork = cork(client);
  const written = wanted.map(([statement, values]) => client.query({ ...statement, values }));
  const ended = client.query('COMMIT');
  uncork();
  const [rows, commit] = await Promise.allSettled([settle(written), ended]);
  if (commit.status === 'rejected') throw new CommitUnknownError(outcome, commit.reason);
  if (commit.value.command === 'COMMIT') return;
  throw rows.status === 'rejected' ? rows.reason : new Error('the transaction was rolled back');
}

function toReceipts(plan: BatchPlan, rows: readonly Numbered[]): Map<Member, Receipt> {
  const receipts = new Map<Member, Receipt & { stored: Receipt['stored'][number][] }>();
  for (const { member, blobId } of rows) {
    receipts.set(member, {
      blobId,
      stored: [],
      queued: plan.entries.get(member)?.length ?? 0,
      unplaced: plan.unplaced.get(member) ?? [],
    });
  }
  for (const { member, folder, uid } of plan.copies) {
    const { accountId, folderId, uidValidity } = folder;
    receipts.get(member)?.stored.push({ accountId, folderId, uidValidity, uid });
  }
  return receipts;
}

function toCommits(plan: BatchPlan): FolderCommit[] {
  return [...plan.folders.values()].map(({ folder, modseq, uidNext, added }) => ({
    accountId: folder.accountId,
    folderId: folder.folderId,
    fromModseq: modseq,
    toModseq: modseq,
    uidNext,
    added,
  }));
}

/** False where an account is held by another transaction, or was never given its folders. */
function isFree(locked: Locked, member: Member): boolean {
  return member.placements.every(
    ({ accountId, delivery }) =>
      locked.accounts.has(accountId) && (!delivery || locked.folders.has(folderKey(accountId, 'INBOX'))),
  );
}

export async function writeBatch(
  client: PoolClient,
  members: readonly Member[],
  ids: BatchIds,
  mode: LockMode,
): Promise<BatchOutcome> {
  const locked = await lock(client, members, mode);
  const postponed = mode === 'divert' ? [] : members.filter((member) => !isFree(locked, member));
  const candidates = members.filter((member) => !postponed.includes(member));
  const plan = planBatch(candidates, locked);
  const rows: Numbered[] = candidates
    .filter((member) => !plan.refused.has(member))
    .map((member) => ({
      member,
      blobId: ids.blobIds.get(member) ?? Number.NaN,
      queueId: plan.entries.has(member) ? (ids.queueIds.get(member) ?? Number.NaN) : null,
    }));
  const outcome = { receipts: toReceipts(plan, rows), refused: plan.refused, postponed, commits: toCommits(plan) };
  if (rows.length === 0) await client.query('ROLLBACK');
  else {
    await finishStreamed(client, rows);
    await writeAndCommit(client, statementsFor(plan, rows, ids), outcome);
  }
  return outcome;
}
