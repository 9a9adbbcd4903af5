/**
 * Writes members in one transaction: two round trips (lock and read; then every statement and COMMIT at once, pipelined), however
 * many members there are. Resolves after PostgreSQL has said COMMIT, which is after its log is on disk; rejects when nothing was
 * kept, or with `CommitUnknownError` when the connection was lost after COMMIT was sent.
 */
import type { PoolClient } from 'pg';
import { BATCH_COLUMNS, BLOB_COLUMNS, type Numbered, writeBatchColumns, writeBlobs } from './columns.ts';
import { type Exchanger, isRefusal, type Row, type Step, step } from './exchange.ts';
import { type BatchPlan, folderKey, type Locked, type LockedAccount, type LockedFolder, planBatch } from './plan.ts';
import { QUEUE_COLUMNS, writeQueueColumns } from './queue-columns.ts';
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
  /** What holds if it was committed after all; undefined where only the database knows. */
  readonly outcome: BatchOutcome | undefined;
  constructor(cause: unknown, outcome?: BatchOutcome) {
    super('the connection was lost while committing', { cause });
    this.name = 'CommitUnknownError';
    this.outcome = outcome;
  }
}

/** A connection, and how it is spoken to. */
export interface Session {
  exchanger: Exchanger;
  client: PoolClient;
}

export interface BatchIds {
  blobIds: ReadonlyMap<Member, number>;
  queueIds: ReadonlyMap<Member, number>;
}

const BEGIN = step('batch-begin', 'BEGIN');
const PATIENCE = step('batch-patience', `SET LOCAL lock_timeout = '3s'`);
const COMMIT = step('batch-commit', 'COMMIT');
const ROLLBACK = step('batch-rollback', 'ROLLBACK');

function toAccount([accountId, usedBytes, quotaBytes, deleted]: Row): LockedAccount {
  return {
    accountId: Number(accountId),
    usedBytes: Number(usedBytes),
    quotaBytes: Number(quotaBytes),
    deleted: deleted === 't',
  };
}

function toFolder([accountId, folderId, name, uidValidity, uidNext, highestModseq]: Row): LockedFolder {
  return {
    accountId: Number(accountId),
    folderId: Number(folderId),
    name: name ?? '',
    uidValidity: Number(uidValidity),
    uidNext: Number(uidNext),
    highestModseq: Number(highestModseq),
  };
}

/** The accounts and folders that the members' placements name. */
function findWanted(members: readonly Member[]): { accountIds: number[]; folders: [number, string][] } {
  const placements = members.flatMap((member) => member.placements);
  const wanted = new Map<string, [number, string]>();
  for (const { accountId, folderName, delivery } of placements) {
    for (const name of delivery ? ['INBOX', folderName] : [folderName]) {
      wanted.set(folderKey(accountId, name), [accountId, name]);
    }
  }
  return { accountIds: [...new Set(placements.map(({ accountId }) => accountId))], folders: [...wanted.values()] };
}

async function lock({ exchanger, client }: Session, members: readonly Member[], mode: LockMode): Promise<Locked> {
  const wanted = findWanted(members);
  const lockAccounts: Step = {
    statement: mode === 'wait' ? statements.LOCK_ACCOUNTS : statements.LOCK_FREE_ACCOUNTS,
    parameters: 1,
    bind: (to) => to.int8s(wanted.accountIds, (accountId) => accountId),
  };
  const readFolders: Step = {
    statement: statements.READ_FOLDERS,
    parameters: 2,
    bind: (to) => {
      to.int8s(wanted.folders, ([accountId]) => accountId);
      to.texts(wanted.folders, ([, name]) => name);
    },
  };
  const begin = mode === 'wait' ? [BEGIN, PATIENCE] : [BEGIN];
  const answers = await exchanger.run(client, [...begin, lockAccounts, readFolders]);
  const [accounts = [], folders = []] = answers.slice(begin.length);
  return {
    accounts: new Map(accounts.map(toAccount).map((account) => [account.accountId, account])),
    folders: new Map(folders.map(toFolder).map((folder) => [folderKey(folder.accountId, folder.name), folder])),
  };
}

function stepsFor(plan: BatchPlan, rows: readonly Numbered[], ids: BatchIds): Step[] {
  const write: Step = {
    statement: statements.WRITE_BATCH,
    parameters: BATCH_COLUMNS,
    bind: (to) => writeBatchColumns(to, plan, rows, ids.blobIds),
  };
  const queued = rows.filter(({ queueId }) => queueId !== null);
  if (queued.length === 0) return [write, COMMIT];
  const writeQueue: Step = {
    statement: statements.WRITE_QUEUE,
    parameters: QUEUE_COLUMNS,
    bind: (to) => writeQueueColumns(to, plan.entries, queued),
  };
  return [write, writeQueue, COMMIT];
}

/** Makes streamed blobs ready, before anything refers to them. One that is not pending any more was swept, or is committed already. */
async function finishStreamed({ exchanger, client }: Session, rows: readonly Numbered[]): Promise<void> {
  const streamed = rows.filter(({ member }) => member.blob.pendingId !== null);
  if (streamed.length === 0) return;
  const finish: Step = {
    statement: statements.FINISH_BLOBS,
    parameters: BLOB_COLUMNS,
    bind: (to) => writeBlobs(to, streamed),
  };
  const [finished = []] = await exchanger.run(client, [finish]);
  if (finished.length !== streamed.length) throw new Error('a streamed message is not pending any more');
}

/** A statement that failed keeps PostgreSQL from running COMMIT; a lost connection leaves the question open. */
async function writeAndCommit({ exchanger, client }: Session, steps: readonly Step[], outcome: BatchOutcome) {
  try {
    await exchanger.run(client, steps);
  } catch (error) {
    throw isRefusal(error) ? error : new CommitUnknownError(error, outcome);
  }
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
  session: Session,
  members: readonly Member[],
  ids: BatchIds,
  mode: LockMode,
): Promise<BatchOutcome> {
  const locked = await lock(session, members, mode);
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
  if (rows.length === 0) await session.exchanger.run(session.client, [ROLLBACK]);
  else {
    await finishStreamed(session, rows);
    await writeAndCommit(session, stepsFor(plan, rows, ids), outcome);
  }
  return outcome;
}
