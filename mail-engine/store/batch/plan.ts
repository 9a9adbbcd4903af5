/**
 * Decides, from what the locked rows say, where every copy of a batch goes: uids and modseqs, who is over quota, what is queued
 * instead. Pure. Members are served in order, so that of two that compete for the last bytes the first wins.
 */
import type { AccountId, FolderId, MessageEntry, Uid } from '../types.ts';
import type { Member, Placement, QueueEntryPlan, Refusal, UnplacedCopy } from './types.ts';

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
  unplaced: Map<Member, UnplacedCopy[]>;
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

interface Unplaced extends UnplacedCopy {
  placement: Placement;
}

/** Places what can be placed now; returns the rest. */
function placeAll(plan: BatchPlan, locked: Locked, member: Member): Unplaced[] {
  const unplaced: Unplaced[] = [];
  for (const placement of member.placements) {
    const size = placement.prefix.length + member.blob.facts.size;
    const verdict = judge(locked, plan, placement, size);
    if ('folder' in verdict) place(plan, member, placement, verdict.folder, size);
    else unplaced.push({ accountId: placement.accountId, refusal: verdict.refusal, placement });
  }
  return unplaced;
}

/** Why nothing of the member can be kept, if so: APPEND has no other way, and a message for full mailboxes only is refused. */
function findRefusal(member: Member, unplaced: readonly Unplaced[]): Refusal | undefined {
  const [first] = unplaced;
  const appended = unplaced.find(({ placement }) => !placement.delivery);
  if (appended || !first) return appended?.refusal;
  if (unplaced.length < member.placements.length || (member.queue?.entries.length ?? 0) > 0) return undefined;
  if (unplaced.every(({ refusal }) => refusal === 'over-quota')) return 'over-quota';
  return unplaced.every(({ placement }) => placement.delivery?.fallback === null) ? 'unavailable' : undefined;
}

function planMember(plan: BatchPlan, locked: Locked, member: Member): void {
  const unplaced = placeAll(plan, locked, member);
  const refusal = findRefusal(member, unplaced);
  if (refusal !== undefined) {
    plan.refused.set(member, refusal);
    return;
  }
  const queued: QueueEntryPlan[] = member.queue ? [...member.queue.entries] : [];
  for (const { accountId, refusal: reason, placement } of unplaced) {
    const fallback = placement.delivery?.fallback;
    if (fallback) queued.push(fallback);
    else plan.unplaced.set(member, [...(plan.unplaced.get(member) ?? []), { accountId, refusal: reason }]);
  }
  if (queued.length > 0) plan.entries.set(member, queued);
}

export function planBatch(members: readonly Member[], locked: Locked): BatchPlan {
  const plan: BatchPlan = {
    copies: [],
    entries: new Map(),
    unplaced: new Map(),
    refused: new Map(),
    folders: new Map(),
    accounts: new Map(),
  };
  for (const member of members) planMember(plan, locked, member);
  return plan;
}
