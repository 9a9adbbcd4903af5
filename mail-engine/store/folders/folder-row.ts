/** How a folder row is read. */
import type { Folder } from '../types.ts';

export const FOLDER_COLUMNS = `f.id, f.account_id AS "accountId", f.name, f.uid_validity AS "uidValidity", f.uid_next AS "uidNext",
  f.highest_modseq AS "highestModseq", f.special_use AS "specialUse", f.subscribed, f."exists", f.unseen, f.size AS "sizeBytes"`;

export type FolderRow = Folder;
