/**
 * What is known of a batch before PostgreSQL is asked, for batches in which everything goes where it is meant to: copies counted by
 * folder, without uids, which the statement that writes them gives. Pure.
 */
import type { AccountId } from '../types.ts';
import { type BatchPlan, folderKey } from './plan.ts';
import type { Member, Placement } from './types.ts';

export interface FolderCount {
  /** Its place among the batch's folders, from 1. */
  at: number;
  accountId: AccountId;
  name: string;
  copies: PlainCopy[];
  unseen: number;
  bytes: number;
}

interface PlainCopy {
  member: Member;
  placement: Placement;
  folder: FolderCount;
  /** Its place among the folder's new copies, from 0. */
  nth: number;
  blobId: number;
  size: number;
}

export interface PlainPlan {
  folders: FolderCount[];
  copies: PlainCopy[];
  accounts: BatchPlan['accounts'];
  entries: BatchPlan['entries'];
}

const SEEN = 1;

/** A member whose bytes are stored already needs a look at its blob first. */
export function isPlain({ blob }: Member): boolean {
  return blob.pendingId === null;
}

function countAccount(accounts: PlainPlan['accounts'], accountId: AccountId, bytes: number): void {
  const growth = accounts.get(accountId);
  if (!growth) accounts.set(accountId, { bytes, messages: 1 });
  else {
    growth.bytes += bytes;
    growth.messages += 1;
  }
}

export function planPlain(members: readonly Member[], blobIds: ReadonlyMap<Member, number>): PlainPlan {
  const plan: PlainPlan = { folders: [], copies: [], accounts: new Map(), entries: new Map() };
  const byKey = new Map<string, FolderCount>();
  for (const member of members) {
    const blobId = blobIds.get(member) ?? Number.NaN;
    for (const placement of member.placements) {
      const { accountId, folderName, prefix, flags } = placement;
      const key = folderKey(accountId, folderName);
      let folder = byKey.get(key);
      if (!folder) {
        folder = { at: byKey.size + 1, accountId, name: folderName, copies: [], unseen: 0, bytes: 0 };
        byKey.set(key, folder);
        plan.folders.push(folder);
      }
      const size = prefix.length + member.blob.facts.size;
      const copy = { member, placement, folder, nth: folder.copies.length, blobId, size };
      folder.copies.push(copy);
      folder.bytes += size;
      if (!(flags & SEEN)) folder.unseen += 1;
      plan.copies.push(copy);
      countAccount(plan.accounts, accountId, size);
    }
    if (member.queue && member.queue.entries.length > 0) plan.entries.set(member, [...member.queue.entries]);
  }
  return plan;
}
