/** Uids removed after a modseq. Where removals that old are forgotten: every uid that was ever given and is not there (RFC 7162 §3.2.6). */
import type { Pool } from 'pg';
import { type AccountId, type FolderId, StoreError, type Uid } from '../types.ts';

const FIND_FOLDER = {
  name: 'expunged-folder',
  text: `SELECT pruned_modseq AS "prunedModseq", uid_next AS "uidNext" FROM folder WHERE account_id = $1 AND id = $2`,
};
const READ = {
  name: 'read-expunged',
  text: 'SELECT uid FROM expunged WHERE account_id = $1 AND folder_id = $2 AND modseq > $3 ORDER BY uid',
};
const READ_ABSENT = {
  name: 'read-absent',
  text: `SELECT u.uid FROM generate_series(1, $3::bigint - 1) AS u (uid)
    WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.account_id = $1 AND m.folder_id = $2 AND m.uid = u.uid) ORDER BY u.uid`,
};

export async function readExpungedSince(
  pool: Pool,
  accountId: AccountId,
  folderId: FolderId,
  modseq: number,
): Promise<Uid[]> {
  const { rows: folders } = await pool.query<{ prunedModseq: number; uidNext: number }>({
    ...FIND_FOLDER,
    values: [accountId, folderId],
  });
  const folder = folders[0];
  if (!folder) throw new StoreError('nonexistent', 'There is no such folder.');
  const query =
    folder.prunedModseq > modseq
      ? { ...READ_ABSENT, values: [accountId, folderId, folder.uidNext] }
      : { ...READ, values: [accountId, folderId, modseq] };
  const { rows } = await pool.query<[Uid]>({ ...query, rowMode: 'array' });
  return rows.map(([uid]) => uid);
}
