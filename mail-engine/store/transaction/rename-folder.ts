/**
 * RENAME (RFC 9051 §6.3.6): inferiors go along, missing superiors of the new name are created, and renaming INBOX moves its
 * messages to a new folder and leaves INBOX empty with its inferiors where they are. The folder keeps its uid_validity, which no
 * other folder of the account ever had.
 */
import { requireFolderName } from '../folders/folder-name.ts';
import { StoreError } from '../types.ts';
import type { TransactionContext } from './context.ts';
import { copyMessages } from './copy-messages.ts';
import { createFolder, createSuperiors } from './create-folder.ts';
import { removeMessages } from './expunge.ts';

const RENAME = {
  name: 'tx-rename-folders',
  text: `UPDATE folder SET name = $3 || substr(name, length($2) + 1)
    WHERE account_id = $1 AND (name = $2 OR starts_with(name, $2 || '/')) RETURNING id, name`,
};
const FIND_CLASH = {
  name: 'tx-find-rename-clash',
  text: `SELECT 1 FROM folder a JOIN folder b ON b.account_id = a.account_id AND b.name = $3 || substr(a.name, length($2) + 1)
    WHERE a.account_id = $1 AND (a.name = $2 OR starts_with(a.name, $2 || '/')) LIMIT 1`,
};
const LIST_NAMES = {
  name: 'tx-list-inferior-names',
  text: `SELECT name FROM folder WHERE account_id = $1 AND starts_with(name, $2 || '/')`,
};
const LIST_UIDS = {
  name: 'tx-list-uids',
  text: 'SELECT uid FROM message WHERE account_id = $1 AND folder_id = $2 ORDER BY uid',
};

async function renameInbox(tx: TransactionContext, to: string): Promise<void> {
  const inbox = await tx.requireFolder('INBOX');
  const target = await createFolder(tx, to, null);
  const uids = (await tx.query<{ uid: number }>(LIST_UIDS, [tx.accountId, inbox.id])).map(({ uid }) => uid);
  await copyMessages(tx, inbox.id, uids, target, { countsAgainstQuota: false });
  await removeMessages(tx, inbox.id, uids, false);
}

export async function renameFolder(tx: TransactionContext, from: string, wanted: string): Promise<void> {
  const folder = await tx.requireFolder(from);
  const to = requireFolderName(wanted);
  if (to === folder.name) throw new StoreError('already-exists', 'A folder of this name exists.');
  if (folder.name === 'INBOX') return renameInbox(tx, to);
  if (to.startsWith(`${folder.name}/`)) throw new StoreError('cannot', 'A folder cannot go into itself.');
  if (await tx.findFolder(to)) throw new StoreError('already-exists', 'A folder of this name exists.');
  const inferiors = await tx.query<{ name: string }>(LIST_NAMES, [tx.accountId, folder.name]);
  for (const { name } of inferiors) requireFolderName(to + name.slice(folder.name.length));
  if ((await tx.query(FIND_CLASH, [tx.accountId, folder.name, to])).length > 0) {
    throw new StoreError('already-exists', 'An inferior folder of this name exists.');
  }
  await createSuperiors(tx, to);
  const renamed = await tx.query<{ id: number; name: string }>(RENAME, [tx.accountId, folder.name, to]);
  for (const { id, name } of renamed) tx.recordFolder(id, 'renamed', name);
}
