/** CREATE (RFC 3501 §6.3.3) with USE (RFC 6154 §3). */
import type { Folder, SpecialUse } from '#engine/store/types.ts';
import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { mailbox } from '#engine/wire/imap/mailbox.ts';
import { AUTHENTICATED, completed, defineCommand } from '../command.ts';
import { ImapError } from '../errors.ts';
import { SEPARATOR } from '../folder-tree.ts';
import { formatMailboxId } from '../object-id.ts';
import { requireNewName } from '../require-new-name.ts';
import type { ImapSession } from '../session.ts';

const SPECIAL_USES: readonly SpecialUse[] = ['\\Archive', '\\Drafts', '\\Junk', '\\Sent', '\\Trash'];

function specialUseAttribute(cursor: Cursor): string {
  cursor.expectText('\\');
  return `\\${cursor.atom()}`;
}

function specialUseAttributes(cursor: Cursor): string[] {
  if (!cursor.takeSP()) return [];
  cursor.expectText('(USE ');
  const uses = cursor.takeText('()') ? [] : cursor.parenthesized(() => specialUseAttribute(cursor));
  cursor.expectText(')');
  return uses;
}

/** A folder has at most one use, and only one we know (RFC 6154 §3: else USEATTR). */
function requireSpecialUse(uses: readonly string[]): SpecialUse | null {
  if (uses.length === 0) return null;
  const [use] = uses;
  const known = SPECIAL_USES.find((name) => name.toLowerCase() === use?.toLowerCase());
  if (!known || uses.length > 1) throw new ImapError('NO', 'USEATTR', 'This special use cannot be given');
  return known;
}

async function create(session: ImapSession, name: string, use: SpecialUse | null): Promise<Folder> {
  const { store } = session.deps;
  const accountId = session.requireAccountId();
  const folders = use ? await store.listFolders(accountId) : [];
  if (use && folders.some((folder) => folder.specialUse === use)) {
    throw new ImapError('NO', 'USEATTR', 'Another mailbox has this special use');
  }
  return await store.transact(accountId, (tx) => tx.createFolder(name, use));
}

export const createCommand = defineCommand({
  name: 'CREATE',
  states: AUTHENTICATED,
  parse: (cursor, session) => {
    cursor.SP();
    const name = mailbox(cursor, session.utf8);
    // A separator at the end says that inferiors will follow; it is no part of the name.
    return { name: name.endsWith(SEPARATOR) ? name.slice(0, -1) : name, uses: specialUseAttributes(cursor) };
  },
  run: async (session, { name, uses }) => {
    const folder = await create(session, requireNewName(name), requireSpecialUse(uses));
    return completed('CREATE', `MAILBOXID (${formatMailboxId(folder.id)})`);
  },
});
