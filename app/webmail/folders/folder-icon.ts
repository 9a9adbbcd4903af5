import { Archive, FilePen, Folder, Inbox, type LucideIcon, OctagonAlert, Send, Trash2 } from 'lucide-react';
import type { FolderInfo, FolderRole } from '#server/webmail/types.ts';

const ICONS: Readonly<Record<FolderRole, LucideIcon>> = {
  inbox: Inbox,
  drafts: FilePen,
  sent: Send,
  archive: Archive,
  junk: OctagonAlert,
  trash: Trash2,
};

export function folderIcon(role: FolderRole | null): LucideIcon {
  return role ? ICONS[role] : Folder;
}

/** INBOX is a protocol's word. */
export function folderName(folder: Pick<FolderInfo, 'name' | 'role'>): string {
  return folder.role === 'inbox' ? 'Inbox' : folder.name;
}
