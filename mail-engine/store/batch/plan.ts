/**
 * Decides, from what the locked rows say, where every copy of a batch goes: uids and modseqs, who is over quota, what is queued
 * instead. Pure. Members are served in order, so that of two that compete for the last bytes the first wins.
 */
import type { AccountId, FolderId, MessageEntry, Uid } from '../types.ts';
import type { Member, Placement, QueueEntryPlan, Refusal } from './types.ts';

export interface LockedAccount {
  accountId: AccountId;
  usedBytes: number;
  quotaBytes: number;
  deleted: boolean;
}

export interface LockedFolder {
  accountId: AccountId;
  folderId: FolderId;
  name: string;
  uidValidity: number;
  uidNext: number;
  highestModseq: number;
}

interface PlannedCopy {
  member: Member;
  placement: Placement;
  folder: LockedFolder;
  uid: Uid;
  modseq: number;
  size: number;
}

interface FolderGrowth {
  folder: LockedFolder;
  modseq: number;
  uidNext: number;
  unseen: number;
  bytes: number;
  added: MessageEntry[];
}

interface AccountGrowth {
  bytes: number;
  messages: number;
}

export interface BatchPlan {
  copies: PlannedCopy[];
  entries: Map<Member, QueueEntryPlan[]>;
  refused: Map<Member, Refusal>;
  folders: Map<FolderId, FolderGrowth>;
  accounts: Map<AccountId, AccountGrowth>;
}

const SEEN = 1;
const UID_LIMIT = 4_294_967_295;
const NO_KEYWORDS: readonly string[] = [];

export interface Locked {
  accounts: ReadonlyMap<AccountId, LockedAccount>;
  /** By `folderKey`. */
  folders: ReadonlyMap<string, LockedFolder>;
}

export function folderKey(accountId: AccountId, name: string): string {
  return `${accountId}/${name}`;
}

function findTarget(locked: Locked, placement: Placement): LockedFolder | undefined {
  const named = locked.folders.get(folderKey(placement.accountId, placement.folderName));
  if (named || !placement.delivery) return named;
  return locked.folders.get(folderKey(placement.accountId, 'INBOX'));
}

type Verdict = { folder: LockedFolder } | { refusal: Refusal };

function judge(locked: Locked, plan: BatchPlan, placement: Placement, size: number): Verdict {
  const account = locked.accounts.get(placement.accountId);
  if (!account) return { refusal: 'unavailable' };
  if (account.deleted) return { refusal: placement.delivery ? 'unavailable' : 'nonexistent' };
  const folder = findTarget(locked, placement);
  if (!folder) return { refusal: placement.delivery ? 'unavailable' : 'nonexistent' };
  const planned = plan.accounts.get(placement.accountId)?.bytes ?? 0;
  if (account.quotaBytes > 0 && account.usedBytes + planned + size > account.quotaBytes)
    return { refusal: 'over-quota' };
  const uidNext = plan.folders.get(folder.folderId)?.uidNext ?? folder.uidNext;
  return uidNext < UID_LIMIT ? { folder } : { refusal: 'unavailable' };
}

function growFolder(plan: BatchPlan, folder: LockedFolder): FolderGrowth {
  let growth = plan.folders.get(folder.folderId);
  if (!growth) {
    growth = { folder, modseq: folder.highestModseq + 1, uidNext: folder.uidNext, unseen: 0, bytes: 0, added: [] };
    plan.folders.set(folder.folderId, growth);
  }
  return growth;
}

function place(plan: BatchPlan, member: Member, placement: Placement, folder: LockedFolder, size: number): void {
  const growth = growFolder(plan, folder);
  const uid = growth.uidNext++;
  const { flags, keywords } = placement;
  growth.bytes += size;
  if (!(flags & SEEN)) growth.unseen += 1;
  growth.added.push({ uid, modseq: growth.modseq, flags, keywords: keywords.length > 0 ? keywords : NO_KEYWORDS });
  plan.copies.push({ member, placement, folder, uid, modseq: growth.modseq, size });
  const account = plan.accounts.get(placement.accountId);
  if (account) {
    account.bytes += size;
    account.messages += 1;
  } else plan.accounts.set(placement.accountId, { bytes: size, messages: 1 });
}

function planMember(plan: BatchPlan, locked: Locked, member: Member): void {
  const queued: QueueEntryPlan[] = member.queue ? [...member.queue.entries] : [];
  const unplaced: { refusal: Refusal; placement: Placement }[] = [];
  let placed = 0;
  for (const placement of member.placements) {
    const size = placement.prefix.length + member.blob.facts.size;
    const verdict = judge(locked, plan, placement, size);
    if ('folder' in verdict) {
      place(plan, member, placement, verdict.folder, size);
      placed += 1;
    } else unplaced.push({ refusal: verdict.refusal, placement });
  }
  const everybodyFull = unplaced.length > 0 && unplaced.every(({ refusal }) => refusal === 'over-quota');
  if (placed === 0 && queued.length === 0 && everybodyFull) {
    plan.refused.set(member, 'over-quota');
    return;
  }
  for (const { refusal, placement } of unplaced) {
    if (!placement.delivery) {
      plan.refused.set(member, refusal);
      return;
    }
    queued.push(placement.delivery.fallback);
  }
  if (queued.length > 0) plan.entries.set(member, queued);
}

export function planBatch(members: readonly Member[], locked: Locked): BatchPlan {
  const plan: BatchPlan = {
    copies: [],
    entries: new Map(),
    refused: new Map(),
    folders: new Map(),
    accounts: new Map(),
  };
  for (const member of members) planMember(plan, locked, member);
  return plan;
}
