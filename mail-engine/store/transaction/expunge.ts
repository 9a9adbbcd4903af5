/** EXPUNGE and UID EXPUNGE: rows go, what was removed is remembered for QRESYNC and for other nodes' views. Bytes are never touched. */
import { int8Array } from '../binary-array.ts';
import { type Change, Flag, type FolderId, type Uid } from '../types.ts';
import type { TransactionContext } from './context.ts';

const REMOVE = {
  name: 'tx-remove-messages',
  text: `WITH gone AS (
      DELETE FROM message WHERE account_id = $1 AND folder_id = $2 AND uid = ANY($3::bigint[]) AND (flags & $4) = $4
      RETURNING uid, size, flags),
    remembered AS (INSERT INTO expunged (account_id, folder_id, uid, modseq) SELECT $1, $2, uid, $5 FROM gone)
    SELECT uid, size, flags FROM gone ORDER BY uid`,
};

/** Removes those of `uids` that exist (with `onlyDeleted`: and have \Deleted). Usage follows. */
export async function removeMessages(
  tx: TransactionContext,
  folderId: FolderId,
  uids: readonly Uid[],
  onlyDeleted: boolean,
): Promise<Uid[]> {
  const folder = await tx.requireFolderById(folderId);
  const modseq = folder.highestModseq + 1;
  const mask = onlyDeleted ? Flag.deleted : 0;
  const gone = await tx.query<{ uid: Uid; size: number; flags: number }>(REMOVE, [
    tx.accountId,
    folderId,
    int8Array(uids),
    mask,
    modseq,
  ]);
  if (gone.length === 0) return [];
  const bytes = gone.reduce((sum, { size }) => sum + size, 0);
  const unseen = gone.filter(({ flags }) => !(flags & Flag.seen)).length;
  const { accountId } = tx;
  await tx.stepFolder(folder, {
    exists: -gone.length,
    unseen: -unseen,
    bytes: -bytes,
    changes: gone.map(({ uid }): Change => ({ kind: 'removed', accountId, folderId, uid, modseq })),
  });
  await tx.changeUsage(-bytes, -gone.length);
  return gone.map(({ uid }) => uid);
}
