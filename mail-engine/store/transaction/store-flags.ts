/** STORE, with UNCHANGEDSINCE (RFC 7162 §3.1.3). One read and, where something changes, one update. */
import { arrayLiteral, int2Array, int8Array, textArray } from '../binary-array.ts';
import {
  type Change,
  Flag,
  type FlagChange,
  type FolderId,
  type MessageEntry,
  StoreError,
  type Uid,
} from '../types.ts';
import { toEntry } from '../views/read-delta.ts';
import type { TransactionContext } from './context.ts';
import { changeFlags } from './flag-change.ts';

const READ = {
  name: 'tx-read-flags',
  text: `SELECT uid, modseq, flags, keywords FROM message
    WHERE account_id = $1 AND folder_id = $2 AND uid = ANY($3::bigint[]) ORDER BY uid`,
};
const UPDATE = {
  name: 'tx-store-flags',
  text: `UPDATE message m SET modseq = $3, flags = v.flags, keywords = v.keywords::text[]
    FROM unnest($4::bigint[], $5::smallint[], $6::text[]) AS v (uid, flags, keywords)
    WHERE m.account_id = $1 AND m.folder_id = $2 AND m.uid = v.uid`,
};

interface FlagsRow {
  uid: Uid;
  modseq: number;
  flags: number;
  keywords: string[];
}

export interface StoreResult {
  /** Those that did not fail, changed or not, as they are now. */
  updated: MessageEntry[];
  failed: Uid[];
}

async function requireKeywordRoom(tx: TransactionContext, folderId: FolderId, change: FlagChange): Promise<void> {
  if (change.mode === 'remove') return;
  if ((await tx.findExcessKeywords(folderId, change.keywords)).length > 0) {
    throw new StoreError('limit', 'There are too many different keywords in this folder.');
  }
}

export async function storeFlags(
  tx: TransactionContext,
  folderId: FolderId,
  uids: readonly Uid[],
  change: FlagChange,
  unchangedSince: number | undefined,
): Promise<StoreResult> {
  const folder = await tx.requireFolderById(folderId);
  await requireKeywordRoom(tx, folderId, change);
  const modseq = folder.highestModseq + 1;
  const rows = await tx.query<FlagsRow>(READ, [tx.accountId, folderId, int8Array(uids)]);
  const failed: Uid[] = [];
  const updated: MessageEntry[] = [];
  const changed: MessageEntry[] = [];
  let unseen = 0;
  for (const row of rows) {
    const entry = toEntry(row.uid, row.modseq, row.flags, row.keywords);
    if (unchangedSince !== undefined && entry.modseq > unchangedSince) {
      failed.push(entry.uid);
      continue;
    }
    const next = changeFlags(entry, change);
    if (!next) {
      updated.push(entry);
      continue;
    }
    const after = toEntry(entry.uid, modseq, next.flags, next.keywords);
    unseen += ((entry.flags & Flag.seen) - (after.flags & Flag.seen)) / Flag.seen;
    changed.push(after);
    updated.push(after);
  }
  if (changed.length > 0) {
    await tx.query(UPDATE, [
      tx.accountId,
      folderId,
      modseq,
      int8Array(changed.map(({ uid }) => uid)),
      int2Array(changed.map(({ flags }) => flags)),
      textArray(changed.map(({ keywords }) => arrayLiteral(keywords))),
    ]);
    const { accountId } = tx;
    await tx.stepFolder(folder, {
      unseen,
      changes: changed.map((entry): Change => ({ kind: 'flags', accountId, folderId, entry })),
    });
  }
  return { updated, failed };
}
