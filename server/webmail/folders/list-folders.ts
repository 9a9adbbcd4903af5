import type { ImapFlow, ListResponse } from 'imapflow';
import type { MailClient } from '../connection/mail-client.ts';
import type { FolderInfo, FolderRole } from '../types.ts';

const ROLES: Readonly<Record<string, FolderRole>> = {
  '\\Inbox': 'inbox',
  '\\Drafts': 'drafts',
  '\\Sent': 'sent',
  '\\Archive': 'archive',
  '\\Junk': 'junk',
  '\\Trash': 'trash',
};

/** The order people expect; folders of their own come after, by name. */
const ORDER: readonly FolderRole[] = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'];

function rank(folder: FolderInfo): number {
  return folder.role ? ORDER.indexOf(folder.role) : ORDER.length;
}

function toFolder(listed: ListResponse): FolderInfo {
  return {
    path: listed.path,
    name: listed.name,
    parentPath: listed.parentPath,
    depth: listed.parent.length,
    role: ROLES[listed.specialUse ?? ''] ?? null,
    selectable: !listed.flags.has('\\Noselect') && !listed.flags.has('\\NonExistent'),
    total: listed.status?.messages ?? 0,
    unseen: listed.status?.unseen ?? 0,
  };
}

/** Parents before their children, those with a role first. */
function sortFolders(folders: readonly FolderInfo[]): FolderInfo[] {
  const childrenOf = Map.groupBy(folders, (folder) => folder.parentPath);
  const known = new Set(folders.map((folder) => folder.path));
  const sorted: FolderInfo[] = [];
  const visit = (siblings: readonly FolderInfo[]): void => {
    const ordered = siblings.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
    for (const folder of ordered) {
      sorted.push(folder);
      if (folder.path !== '') visit(childrenOf.get(folder.path) ?? []);
    }
  };
  visit(folders.filter((folder) => !known.has(folder.parentPath) || folder.parentPath === folder.path));
  return sorted;
}

/** Folder tree with counts in one round trip where the server has LIST-STATUS (RFC 5819). */
export async function listFolders(mail: MailClient): Promise<FolderInfo[]> {
  const listed = await mail.run((client) => client.list({ statusQuery: { messages: true, unseen: true } }));
  return sortFolders(listed.map(toFolder));
}

const DEFAULT_NAMES: Readonly<Record<FolderRole, string>> = {
  inbox: 'INBOX',
  drafts: 'Drafts',
  sent: 'Sent',
  archive: 'Archive',
  junk: 'Junk',
  trash: 'Trash',
};

/** Path of the folder with this role; made where the server has none. */
export async function requireRoleFolder(client: ImapFlow, role: FolderRole): Promise<string> {
  if (role === 'inbox') return 'INBOX';
  const listed = await client.list({ listOnly: true });
  const found = listed.find((folder) => ROLES[folder.specialUse ?? ''] === role);
  if (found) return found.path;
  return (await client.mailboxCreate(DEFAULT_NAMES[role])).path;
}
