/**
 * Finds out what became of a batch whose connection was lost while it was committed: it was kept as a whole or not at all. One blob tells, so
 * none of its members may have been sent in another batch before, unless it is the only one.
 */
import type { Pool } from 'pg';
import { queryWithin } from '#server/database/query-within.ts';
import { int8Array } from '../binary-array.ts';
import type { AccountId, FolderId, Uid } from '../types.ts';
import type { FolderCommit, Member, Placement, Receipt } from './types.ts';
import type { BatchOutcome } from './write-batch.ts';

const FIND_BLOB = 'SELECT id FROM blob WHERE id = ANY($1::bigint[]) AND ready LIMIT 1';
const READ_COPIES = `SELECT m.blob_id AS "blobId", m.account_id AS "accountId", m.folder_id AS "folderId", m.uid, m.modseq, m.flags,
    m.keywords, f.uid_validity AS "uidValidity"
  FROM message m JOIN folder f ON f.account_id = m.account_id AND f.id = m.folder_id
  WHERE m.blob_id = ANY($1::bigint[]) ORDER BY m.account_id, m.folder_id, m.uid`;

interface CopyRow {
  blobId: number;
  accountId: AccountId;
  folderId: FolderId;
  uid: Uid;
  modseq: number;
  flags: number;
  keywords: string[];
  uidValidity: number;
}

function findElsewhere({ placements }: Member, stored: readonly CopyRow[]): Placement[] {
  const accountIds = stored.map(({ accountId }) => accountId);
  return placements.filter(({ accountId }) => {
    const at = accountIds.indexOf(accountId);
    if (at >= 0) accountIds.splice(at, 1);
    return at < 0;
  });
}

/** A copy that is in no folder is in the queue, where it could go there. */
function toReceipt(blobId: number, member: Member, stored: readonly CopyRow[]): Receipt {
  const elsewhere = findElsewhere(member, stored);
  const unplaced = elsewhere.filter(({ delivery }) => !delivery?.fallback);
  const queued = (member.queue?.entries.length ?? 0) + elsewhere.length - unplaced.length;
  return {
    blobId,
    stored,
    queued,
    unplaced: unplaced.map(({ accountId }) => ({ accountId, refusal: 'unavailable' })),
  };
}

function toReceipts(members: ReadonlyMap<number, Member>, rows: readonly CopyRow[]): Map<Member, Receipt> {
  const stored = Map.groupBy(rows, ({ blobId }) => blobId);
  return new Map([...members].map(([blobId, member]) => [member, toReceipt(blobId, member, stored.get(blobId) ?? [])]));
}

/** Copies of one folder have one modseq, unless somebody has changed them since: views then find a gap and look for themselves. */
function toCommits(rows: readonly CopyRow[]): FolderCommit[] {
  const commits = new Map<string, FolderCommit & { added: FolderCommit['added'][number][] }>();
  for (const { accountId, folderId, uid, modseq, flags, keywords } of rows) {
    const key = `${folderId}/${modseq}`;
    const commit = commits.get(key) ?? {
      accountId,
      folderId,
      fromModseq: modseq,
      toModseq: modseq,
      uidNext: 0,
      added: [],
    };
    commits.set(key, commit);
    commit.added.push({ uid, modseq, flags, keywords });
    commit.uidNext = uid + 1;
  }
  return [...commits.values()];
}

interface Asked {
  pool: Pick<Pool, 'query'>;
  /** Rejects where a query is not answered within. */
  askMs: number;
}

/** Undefined where nothing was kept. `known`: what holds if it was, where that was decided before it was sent. */
export async function readLanded(
  { pool, askMs }: Asked,
  members: ReadonlyMap<number, Member>,
  known: BatchOutcome | undefined,
): Promise<BatchOutcome | undefined> {
  const blobIds = int8Array([...members.keys()]);
  if ((await queryWithin(pool, askMs, FIND_BLOB, [blobIds])).rows.length === 0) return undefined;
  if (known) return known;
  const { rows } = await queryWithin<CopyRow>(pool, askMs, READ_COPIES, [blobIds]);
  return { receipts: toReceipts(members, rows), refused: new Map(), postponed: [], commits: toCommits(rows) };
}
