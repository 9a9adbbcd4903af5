/** What one committed transaction did to one account, as it is published. */
import type { AccountId, Change, FolderId } from '../types.ts';

export interface FolderDelta {
  folderId: FolderId;
  /** First and last modseq the transaction took in the folder; they follow the one before without a gap. */
  fromModseq: number;
  toModseq: number;
  uidNext: number;
  changes: readonly Change[];
}

export interface CommittedChanges {
  accountId: AccountId;
  deltas: readonly FolderDelta[];
  /** Created, renamed, deleted, subscribed. */
  folderChanges: readonly Extract<Change, { kind: 'folder' }>[];
}
