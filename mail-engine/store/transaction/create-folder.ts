/** CREATE (RFC 9051 §6.3.4): missing superiors are created too. */
import { requireFolderName, superiorsOf } from '../folders/folder-name.ts';
import { FOLDER_COLUMNS, type FolderRow } from '../folders/folder-row.ts';
import { type Folder, type SpecialUse, StoreError } from '../types.ts';
import type { TransactionContext } from './context.ts';

const FOLDERS_PER_ACCOUNT = 5_000;

const COUNT = { name: 'tx-count-folders', text: 'SELECT count(*) AS count FROM folder WHERE account_id = $1' };
const INSERT = {
  name: 'tx-insert-folder',
  text: `INSERT INTO folder AS f (account_id, name, uid_validity, special_use)
    VALUES ($1, $2, next_uid_validity($1), $3) RETURNING ${FOLDER_COLUMNS}`,
};
const FIND_SPECIAL = {
  name: 'tx-find-special',
  text: 'SELECT 1 FROM folder WHERE account_id = $1 AND special_use = $2',
};

async function insertFolder(tx: TransactionContext, name: string, specialUse: SpecialUse | null): Promise<Folder> {
  const [folder] = await tx.query<FolderRow>(INSERT, [tx.accountId, name, specialUse]);
  if (!folder) throw new StoreError('cannot', 'The folder was not created.');
  tx.recordFolder(folder.id, 'created', name);
  return folder;
}

/** Creates the superiors of `name` that do not exist. */
export async function createSuperiors(tx: TransactionContext, name: string): Promise<void> {
  for (const superior of superiorsOf(name))
    if (!(await tx.findFolder(superior))) await insertFolder(tx, superior, null);
}

export async function createFolder(
  tx: TransactionContext,
  wanted: string,
  specialUse: SpecialUse | null,
): Promise<Folder> {
  const name = requireFolderName(wanted);
  if (await tx.findFolder(name)) throw new StoreError('already-exists', 'A folder of this name exists.');
  if (specialUse && (await tx.query(FIND_SPECIAL, [tx.accountId, specialUse])).length > 0) {
    throw new StoreError('cannot', 'Another folder has this special use.');
  }
  const [counted] = await tx.query<{ count: number }>(COUNT, [tx.accountId]);
  const levels = name.split('/').length;
  if ((counted?.count ?? 0) + levels > FOLDERS_PER_ACCOUNT)
    throw new StoreError('limit', 'There are too many folders.');
  await createSuperiors(tx, name);
  return insertFolder(tx, name, specialUse);
}
