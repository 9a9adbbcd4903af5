/** Sizes alone, of a whole folder: what POP3 numbers. One statement, however many messages there are. */
import type { Pool } from 'pg';
import type { AccountId, FolderId, Uid } from '../types.ts';

const READ = {
  name: 'read-sizes',
  text: 'SELECT uid, size FROM message WHERE account_id = $1 AND folder_id = $2 ORDER BY uid',
};

export async function readSizes(
  pool: Pool,
  accountId: AccountId,
  folderId: FolderId,
): Promise<{ uid: Uid; size: number }[]> {
  return (await pool.query<{ uid: Uid; size: number }>({ ...READ, values: [accountId, folderId] })).rows;
}
