/** How a folder row is read. */
import type { Folder, SpecialUse } from '../types.ts';

export const FOLDER_COLUMNS = `f.id, f.account_id AS "accountId", f.name, f.uid_validity AS "uidValidity", f.uid_next AS "uidNext",
  f.highest_modseq AS "highestModseq", f.special_use AS "specialUse", f.subscribed, f."exists", f.unseen, f.size AS "sizeBytes"`;

export type FolderRow = Folder;

const SPECIAL_USES: readonly string[] = ['\\Drafts', '\\Sent', '\\Junk', '\\Trash', '\\Archive'] satisfies SpecialUse[];

export function isSpecialUse(text: string): text is SpecialUse {
  return SPECIAL_USES.includes(text);
}
