/**
 * COPY and MOVE (RFC 9051 §6.4.7, RFC 6851): new rows that refer to the same bytes. Keywords that would be too many in the target are left
 * out (flags SHOULD be preserved): better than a message that cannot be moved to Trash.
 */
import { int8Array, textArray } from '../binary-array.ts';
import { type Change, type CopyResult, Flag, type Folder, type FolderId, StoreError, type Uid } from '../types.ts';
import { toEntry } from '../views/read-delta.ts';
import type { TransactionContext } from './context.ts';
import { removeMessages } from './expunge.ts';

const READ = {
  name: 'tx-read-copied',
  text: `SELECT uid, size, flags, keywords FROM message
    WHERE account_id = $1 AND folder_id = $2 AND uid = ANY($3::bigint[]) ORDER BY uid`,
};
const INSERT = {
  name: 'tx-insert-copies',
  text: `INSERT INTO message (account_id, folder_id, uid, blob_id, modseq, prefix, size, flags, keywords, internal_date, save_date,
      thread_key)
    SELECT $1, $4, v.target, m.blob_id, $5, m.prefix, m.size, m.flags, CASE WHEN m.keywords && $7::text[]
        THEN ARRAY(SELECT k FROM unnest(m.keywords) WITH ORDINALITY AS u (k, nth) WHERE k <> ALL($7::text[]) ORDER BY nth)
        ELSE m.keywords END, m.internal_date, now(), m.thread_key
    FROM unnest($3::bigint[]) WITH ORDINALITY AS s (uid, at)
    CROSS JOIN LATERAL (SELECT $6::bigint + s.at - 1 AS target) AS v
    JOIN message m ON m.account_id = $1 AND m.folder_id = $2 AND m.uid = s.uid`,
};
const READ_QUOTA = {
  name: 'tx-read-quota',
  text: `SELECT a.quota_bytes AS "quotaBytes", u.size_bytes AS "usedBytes" FROM account a JOIN account_usage u ON u.account_id = a.id
    WHERE a.id = $1`,
};

interface SourceRow {
  uid: Uid;
  size: number;
  flags: number;
  keywords: string[];
}

async function requireQuota(tx: TransactionContext, bytes: number): Promise<void> {
  const [row] = await tx.query<{ quotaBytes: number; usedBytes: number }>(READ_QUOTA, [tx.accountId]);
  if (row && row.quotaBytes > 0 && row.usedBytes + bytes > row.quotaBytes) {
    throw new StoreError('over-quota', 'The copies do not fit the quota.');
  }
}

/** Usage follows. `target` as it stands now: the result's uids start at its `uidNext`. */
export async function copyMessages(
  tx: TransactionContext,
  folderId: FolderId,
  uids: readonly Uid[],
  target: Folder,
  options: { countsAgainstQuota: boolean },
): Promise<CopyResult> {
  const sources = await tx.query<SourceRow>(READ, [tx.accountId, folderId, int8Array(uids)]);
  if (sources.length === 0) return { uidValidity: target.uidValidity, pairs: [] };
  const bytes = sources.reduce((sum, { size }) => sum + size, 0);
  if (options.countsAgainstQuota) await requireQuota(tx, bytes);
  const excess = await tx.findExcessKeywords(target.id, new Set(sources.flatMap(({ keywords }) => keywords)));
  const modseq = target.highestModseq + 1;
  const { accountId } = tx;
  const copied = int8Array(sources.map(({ uid }) => uid));
  await tx.query(INSERT, [accountId, folderId, copied, target.id, modseq, target.uidNext, textArray(excess)]);
  const changes = sources.map(({ flags, keywords }, at): Change => {
    const kept = excess.length > 0 ? keywords.filter((keyword) => !excess.includes(keyword)) : keywords;
    const entry = toEntry(target.uidNext + at, modseq, flags, kept);
    return { kind: 'added', accountId, folderId: target.id, entry };
  });
  const unseen = sources.filter(({ flags }) => !(flags & Flag.seen)).length;
  await tx.stepFolder(target, { uids: sources.length, exists: sources.length, unseen, bytes, changes });
  await tx.changeUsage(bytes, sources.length);
  const pairs = sources.map(({ uid }, at) => [uid, target.uidNext + at] as const);
  return { uidValidity: target.uidValidity, pairs };
}

export async function copy(
  tx: TransactionContext,
  folderId: FolderId,
  uids: readonly Uid[],
  targetName: string,
): Promise<CopyResult> {
  await tx.requireFolderById(folderId);
  return copyMessages(tx, folderId, uids, await tx.requireFolder(targetName), { countsAgainstQuota: true });
}

export async function move(
  tx: TransactionContext,
  folderId: FolderId,
  uids: readonly Uid[],
  targetName: string,
): Promise<CopyResult> {
  await tx.requireFolderById(folderId);
  const target = await tx.requireFolder(targetName);
  const result = await copyMessages(tx, folderId, uids, target, { countsAgainstQuota: false });
  await removeMessages(
    tx,
    folderId,
    result.pairs.map(([source]) => source),
    false,
  );
  return result;
}
