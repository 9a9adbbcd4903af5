/** What a view needs from the database: all of a folder, or what changed since a modseq, in one snapshot each. */
import type { Pool } from 'pg';
import { FOLDER_COLUMNS, type FolderRow } from '../folders/folder-row.ts';
import type { AccountId, FolderId, MessageEntry, Uid } from '../types.ts';

const NO_KEYWORDS: readonly string[] = [];

const FIND_FOLDER = {
  name: 'view-find-folder',
  text: `SELECT ${FOLDER_COLUMNS} FROM folder f WHERE f.account_id = $1 AND f.id = $2`,
};

const READ_ENTRIES = {
  name: 'view-read-entries',
  text: `SELECT m.uid, m.modseq, m.flags, CASE WHEN m.keywords = '{}' THEN NULL ELSE m.keywords END
    FROM message m WHERE m.account_id = $1 AND m.folder_id = $2 ORDER BY m.uid`,
};

const READ_DELTA = {
  name: 'view-read-delta',
  text: `SELECT ${FOLDER_COLUMNS}, d.uid, d.modseq, d.flags, d.keywords, f.pruned_modseq > $3 AS "tooOld"
    FROM folder f LEFT JOIN LATERAL (
      SELECT m.uid, m.modseq, m.flags, m.keywords FROM message m
      WHERE m.account_id = $1 AND m.folder_id = $2 AND m.modseq > $3 AND f.highest_modseq > $3
      UNION ALL
      SELECT e.uid, e.modseq, NULL, NULL FROM expunged e
      WHERE e.account_id = $1 AND e.folder_id = $2 AND e.modseq > $3 AND f.highest_modseq > $3) AS d ON true
    WHERE f.account_id = $1 AND f.id = $2`,
};

type EntryTuple = [uid: Uid, modseq: number, flags: number, keywords: string[] | null];

export function toEntry(uid: Uid, modseq: number, flags: number, keywords: readonly string[] | null): MessageEntry {
  return { uid, modseq, flags, keywords: keywords && keywords.length > 0 ? keywords : NO_KEYWORDS };
}

export async function findFolderById(
  pool: Pool,
  accountId: AccountId,
  folderId: FolderId,
): Promise<FolderRow | undefined> {
  const { rows } = await pool.query<FolderRow>({ ...FIND_FOLDER, values: [accountId, folderId] });
  return rows[0];
}

/** Read after the folder row, so it may hold changes newer than the row's modseq: reading the delta again is harmless. */
export async function readEntries(pool: Pool, accountId: AccountId, folderId: FolderId): Promise<MessageEntry[]> {
  const { rows } = await pool.query<EntryTuple>({ ...READ_ENTRIES, values: [accountId, folderId], rowMode: 'array' });
  return rows.map(([uid, modseq, flags, keywords]) => toEntry(uid, modseq, flags, keywords));
}

export interface FolderChangesSince {
  folder: FolderRow;
  changed: MessageEntry[];
  removed: { uid: Uid; modseq: number }[];
  /** Removals after the modseq have been pruned: only reading everything tells. */
  tooOld: boolean;
}

interface DeltaRow extends FolderRow {
  uid: Uid | null;
  modseq: number;
  flags: number | null;
  keywords: string[] | null;
  tooOld: boolean;
}

/** Undefined where the folder is gone. */
export async function readDelta(
  pool: Pool,
  accountId: AccountId,
  folderId: FolderId,
  since: number,
): Promise<FolderChangesSince | undefined> {
  const { rows } = await pool.query<DeltaRow>({ ...READ_DELTA, values: [accountId, folderId, since] });
  const first = rows[0];
  if (!first) return undefined;
  const { uid: _uid, modseq: _modseq, flags: _flags, keywords: _keywords, tooOld, ...folder } = first;
  const changed: MessageEntry[] = [];
  const removed: { uid: Uid; modseq: number }[] = [];
  for (const { uid, modseq, flags, keywords } of rows) {
    if (uid === null) continue;
    if (flags === null) removed.push({ uid, modseq });
    else changed.push(toEntry(uid, modseq, flags, keywords));
  }
  changed.sort((a, b) => a.modseq - b.modseq || a.uid - b.uid);
  removed.sort((a, b) => a.modseq - b.modseq || a.uid - b.uid);
  return { folder, changed, removed, tooOld };
}
