/** The folder a command names. */
import type { Folder } from '#engine/store/types.ts';
import { ImapError } from './errors.ts';
import type { ImapSession } from './session.ts';

export async function requireFolder(session: ImapSession, name: string): Promise<Folder> {
  const folder = await session.deps.store.findFolder(session.requireAccountId(), name);
  if (!folder) throw new ImapError('NO', 'NONEXISTENT', 'There is no such mailbox');
  return folder;
}
