import { OperationError } from '../../actor/errors.ts';
import { normalForm } from '../../text/normal-form.ts';
import { type MailClient, selectFolder } from '../connection/mail-client.ts';
import { requireDone } from '../connection/mail-error.ts';
import { listFolders } from './list-folders.ts';

async function requireOwnFolder(mail: MailClient, path: string): Promise<void> {
  const folder = (await listFolders(mail)).find((candidate) => candidate.path === path);
  if (!folder) throw new OperationError('not-found', 'There is no such folder.');
  if (folder.role) throw new OperationError('invalid', `${folder.name} is needed and stays as it is.`);
}

function requireName(name: string, delimiter: string): string {
  const trimmed = normalForm(name).trim();
  if (trimmed === '')
    throw new OperationError('invalid', 'Give the folder a name.', { name: 'Give the folder a name.' });
  if (trimmed.includes(delimiter)) {
    const message = `A folder's name cannot contain “${delimiter}”.`;
    throw new OperationError('invalid', message, { name: message });
  }
  return trimmed;
}

/** Makes `name` below `parentPath` ('' for the top); answers its path. */
export function createFolder(mail: MailClient, input: { name: string; parentPath: string }): Promise<string> {
  return mail.run(async (client) => {
    const delimiter = client.namespace?.delimiter ?? '/';
    const name = requireName(input.name, delimiter);
    const path = input.parentPath === '' ? name : `${input.parentPath}${delimiter}${name}`;
    const created = await client.mailboxCreate(path);
    if (!created.created)
      throw new OperationError('conflict', 'A folder with this name exists already.', { name: 'This name is taken.' });
    return created.path;
  });
}

/** Gives `path` a new last name; answers the new path. Folders with a role keep their names. */
export async function renameFolder(mail: MailClient, input: { path: string; name: string }): Promise<string> {
  await requireOwnFolder(mail, input.path);
  return mail.run(async (client) => {
    const delimiter = client.namespace?.delimiter ?? '/';
    const name = requireName(input.name, delimiter);
    const parent = input.path.split(delimiter).slice(0, -1);
    return (await client.mailboxRename(input.path, [...parent, name].join(delimiter))).newPath;
  });
}

/** Deletes a folder with all that is in it. Folders with a role stay. */
export async function deleteFolder(mail: MailClient, input: { path: string }): Promise<void> {
  await requireOwnFolder(mail, input.path);
  await mail.run(async (client) => {
    if (client.mailbox !== false && client.mailbox.path === input.path) await client.mailboxClose();
    await client.mailboxDelete(input.path);
  });
}

/** Removes every message for good; only for Trash and Junk. Answers how many there were. */
export async function emptyFolder(mail: MailClient, input: { path: string }): Promise<number> {
  const folder = (await listFolders(mail)).find((candidate) => candidate.path === input.path);
  if (folder?.role !== 'trash' && folder?.role !== 'junk') {
    throw new OperationError('invalid', 'Only Trash and Junk can be emptied.');
  }
  return mail.run(async (client) => {
    const { exists } = await selectFolder(client, input.path);
    if (exists > 0) requireDone(await client.messageDelete('1:*'), 'remove the messages');
    return exists;
  }, input.path);
}
