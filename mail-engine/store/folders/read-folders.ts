/** Reading folders and usage. */
import type { Pool } from 'pg';
import { type AccountId, type Folder, StoreError } from '../types.ts';
import { canonicalName } from './folder-name.ts';
import { FOLDER_COLUMNS, type FolderRow } from './folder-row.ts';

const LIST = {
  name: 'list-folders',
  text: `SELECT ${FOLDER_COLUMNS} FROM folder f WHERE f.account_id = $1 ORDER BY f.name = 'INBOX' DESC, f.name`,
};
const FIND = {
  name: 'find-folder',
  text: `SELECT ${FOLDER_COLUMNS} FROM folder f WHERE f.account_id = $1 AND f.name = $2`,
};
const CREATE_DEFAULTS = `SELECT create_default_folders(id) FROM account WHERE id = $1`;
const USAGE = {
  name: 'read-usage',
  text: `SELECT coalesce(u.size_bytes, 0) AS "sizeBytes", coalesce(u.messages, 0) AS messages, a.quota_bytes AS "quotaBytes"
    FROM account a LEFT JOIN account_usage u ON u.account_id = a.id WHERE a.id = $1`,
};

async function createDefaultFolders(pool: Pool, accountId: AccountId): Promise<void> {
  await pool.query(CREATE_DEFAULTS, [accountId]);
}

async function readFolders(pool: Pool, accountId: AccountId): Promise<Folder[]> {
  const { rows } = await pool.query<FolderRow>({ ...LIST, values: [accountId] });
  return rows;
}

/** INBOX first; an account without one (its creation was not ours) is given its folders. */
export async function listFolders(pool: Pool, accountId: AccountId): Promise<Folder[]> {
  const folders = await readFolders(pool, accountId);
  if (folders[0]?.name === 'INBOX') return folders;
  await createDefaultFolders(pool, accountId);
  return readFolders(pool, accountId);
}

export async function findFolder(pool: Pool, accountId: AccountId, name: string): Promise<Folder | undefined> {
  const wanted = canonicalName(name);
  const find = async (): Promise<Folder | undefined> =>
    (await pool.query<FolderRow>({ ...FIND, values: [accountId, wanted] })).rows[0];
  const folder = await find();
  if (folder || wanted !== 'INBOX') return folder;
  await createDefaultFolders(pool, accountId);
  return find();
}

export async function readUsage(
  pool: Pool,
  accountId: AccountId,
): Promise<{ sizeBytes: number; messages: number; quotaBytes: number }> {
  const { rows } = await pool.query<{ sizeBytes: number; messages: number; quotaBytes: number }>({
    ...USAGE,
    values: [accountId],
  });
  if (!rows[0]) throw new StoreError('nonexistent', 'There is no such account.');
  return rows[0];
}
