import { type MailClient, selectFolder } from '../connection/mail-client.ts';
import { requireDone } from '../connection/mail-error.ts';
import { listFolders, requireRoleFolder } from '../folders/list-folders.ts';
import type { FolderRole, MoveOutcome, Undo } from '../types.ts';

export interface MessagesRef {
  folder: string;
  uids: readonly number[];
}

export type MessageMark = 'seen' | 'flagged' | 'answered' | 'forwarded';

const FLAG_OF: Readonly<Record<MessageMark, string>> = {
  seen: '\\Seen',
  flagged: '\\Flagged',
  answered: '\\Answered',
  forwarded: '$Forwarded',
};

/** Sets or takes away one mark. */
export function markMessages(mail: MailClient, ref: MessagesRef, mark: MessageMark, on: boolean): Promise<void> {
  return mail.inFolder(ref.folder, async (client) => {
    const range = ref.uids.join(',');
    const flags = [FLAG_OF[mark]];
    if (on) await client.messageFlagsAdd(range, flags, { uid: true });
    else await client.messageFlagsRemove(range, flags, { uid: true });
  });
}

/** Marks everything in a folder as read. */
export function markFolderSeen(mail: MailClient, folder: string): Promise<void> {
  return mail.inFolder(folder, async (client, mailbox) => {
    if (mailbox.exists > 0) await client.messageFlagsAdd({ seen: false }, ['\\Seen'], { uid: true });
  });
}

/** Moves messages to the folder `target` (RFC 6851); the outcome's `undo`, moved in turn, brings them back. */
export function moveMessages(mail: MailClient, ref: MessagesRef, target: string): Promise<MoveOutcome> {
  return mail.run(async (client) => {
    await selectFolder(client, ref.folder);
    const copied = requireDone(
      await client.messageMove(ref.uids.join(','), target, { uid: true }),
      'move the messages',
    );
    const uids = copied.uidMap ? [...copied.uidMap.values()] : undefined;
    const undo: Undo | null = uids && uids.length > 0 ? { folder: target, uids, target: ref.folder } : null;
    return { moved: uids?.length ?? ref.uids.length, target, undo };
  }, ref.folder);
}

async function moveToRole(mail: MailClient, ref: MessagesRef, role: FolderRole): Promise<MoveOutcome> {
  const target = await mail.run((client) => requireRoleFolder(client, role));
  if (target === ref.folder) return { moved: 0, target, undo: null };
  return moveMessages(mail, ref, target);
}

export function archiveMessages(mail: MailClient, ref: MessagesRef): Promise<MoveOutcome> {
  return moveToRole(mail, ref, 'archive');
}

/** `junk` false brings messages back from Junk to the inbox. The keyword tells filters what was learnt (RFC 5788 registry). */
export async function reportJunk(mail: MailClient, ref: MessagesRef, junk: boolean): Promise<MoveOutcome> {
  await mail.inFolder(ref.folder, async (client) => {
    const range = ref.uids.join(',');
    await client.messageFlagsAdd(range, [junk ? '$Junk' : '$NotJunk'], { uid: true });
    await client.messageFlagsRemove(range, [junk ? '$NotJunk' : '$Junk'], { uid: true });
  });
  return moveToRole(mail, ref, junk ? 'junk' : 'inbox');
}

/** To Trash; for good where they are in Trash already (`undo` is null then). */
export async function deleteMessages(mail: MailClient, ref: MessagesRef): Promise<MoveOutcome> {
  const folder = (await listFolders(mail)).find((candidate) => candidate.path === ref.folder);
  if (folder?.role !== 'trash') return moveToRole(mail, ref, 'trash');
  return mail.inFolder(ref.folder, async (client) => {
    requireDone(await client.messageDelete(ref.uids.join(','), { uid: true }), 'delete the messages');
    return { moved: ref.uids.length, target: '', undo: null };
  });
}
