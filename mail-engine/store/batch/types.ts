/**
 * A message waiting to be committed with others. Terms: a *member* is one message; a *placement* is a copy of it in one folder; a
 * *batch* is members that are written in one transaction.
 */
import type { FinishedBlob } from '../blob/blob-writer.ts';
import type { AccountId, FolderId, MessageEntry, Uid } from '../types.ts';

export interface Placement {
  accountId: AccountId;
  folderName: string;
  prefix: Buffer;
  flags: number;
  keywords: readonly string[];
  internalDate: Date;
  /**
   * Null for APPEND: then a missing folder or a full account refuses the member instead of finding another way. Without `fallback`
   * (LMTP) the copy is left out and the receipt says so.
   */
  delivery: { domainId: number; address: string; fallback: QueueEntryPlan | null } | null;
}

export interface QueueEntryPlan {
  recipient: string;
  destination: string;
  notify: string | null;
  orcpt: string | null;
}

/** What its queue entries need of a message; used when there is at least one entry. */
export interface QueuePlan {
  /** Put before the message, in UTF-8. */
  prefix: string;
  sender: string;
  envId: string | null;
  ret: string | null;
  smtpUtf8: boolean;
  eightBit: boolean;
  accountId: AccountId | null;
  expiresAt: Date;
  /** Not tried before (RFC 4865). */
  notBefore: Date | null;
  /** RFC 8689. */
  requireTls: boolean;
  /** Set: the entries start held. */
  holdReason: string | null;
  entries: readonly QueueEntryPlan[];
}

export interface Member {
  blob: FinishedBlob;
  placements: readonly Placement[];
  queue: QueuePlan | null;
  /** Null for APPEND, which leaves no trace. */
  trace: {
    ref: string;
    sender: string;
    peer: string;
    submittedBy: AccountId | null;
    /** For the operator: what the access rules' variables said of the client. */
    detail: string | null;
  } | null;
}

interface StoredCopy {
  accountId: AccountId;
  folderId: FolderId;
  uidValidity: number;
  uid: Uid;
}

export interface UnplacedCopy {
  accountId: AccountId;
  refusal: Refusal;
}

export interface Receipt {
  blobId: number;
  stored: readonly StoredCopy[];
  queued: number;
  /** Copies that were neither stored nor queued. */
  unplaced: readonly UnplacedCopy[];
}

export type Refusal = 'over-quota' | 'nonexistent' | 'unavailable';

/** Nothing of the member was kept. `unavailable` is worth a retry. */
export class RefusedError extends Error {
  readonly reason: Refusal;
  constructor(reason: Refusal, options?: ErrorOptions) {
    super(`the message was refused: ${reason}`, options);
    this.name = 'RefusedError';
    this.reason = reason;
  }
}

/** What happened to one folder in one transaction; `fromModseq` is the first modseq it used. */
export interface FolderCommit {
  accountId: AccountId;
  folderId: FolderId;
  fromModseq: number;
  toModseq: number;
  uidNext: number;
  added: readonly MessageEntry[];
}
