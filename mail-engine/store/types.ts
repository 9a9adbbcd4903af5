/**
 * The mail store's contract (see docs/storage.md). Account, folder and blob ids are positive safe integers.
 * Mutations go through `transact`, `append` or intake; each returns after its commit, and only then are its changes published.
 */
import type { MimePart } from '#engine/wire/mime/types.ts';

export type AccountId = number;
export type FolderId = number;
export type Uid = number;

/** System flags as bits of `message.flags`. */
export const Flag = { seen: 1, answered: 2, flagged: 4, deleted: 8, draft: 16 } as const;

export type SpecialUse = '\\Drafts' | '\\Sent' | '\\Junk' | '\\Trash' | '\\Archive';

export interface Folder {
  id: FolderId;
  accountId: AccountId;
  /** Full name, UTF-8 NFC, hierarchy separator `/`. */
  name: string;
  uidValidity: number;
  uidNext: number;
  highestModseq: number;
  specialUse: SpecialUse | null;
  subscribed: boolean;
  exists: number;
  unseen: number;
  sizeBytes: number;
}

/** What a list needs of a message; immutable: a change makes a new object. Keywords are kept as the client spelt them. */
export interface MessageEntry {
  readonly uid: Uid;
  readonly modseq: number;
  readonly flags: number;
  readonly keywords: readonly string[];
}

/** Typed change events, published after commit, in commit order per folder. */
export type Change =
  | { kind: 'added'; accountId: AccountId; folderId: FolderId; entry: MessageEntry }
  | { kind: 'flags'; accountId: AccountId; folderId: FolderId; entry: MessageEntry }
  | { kind: 'removed'; accountId: AccountId; folderId: FolderId; uid: Uid; modseq: number }
  | {
      kind: 'folder';
      accountId: AccountId;
      folderId: FolderId;
      what: 'created' | 'renamed' | 'deleted' | 'subscription';
      name: string;
    };

/**
 * A selected folder, shared by all sessions of this process that have it open and brought up to date as changes commit
 * here or on other nodes. `entries` is sorted by uid; never mutate it; take it and subscribe in the same tick and nothing is missed.
 */
export interface FolderView {
  readonly folder: Folder;
  readonly entries: readonly MessageEntry[];
  indexOf(uid: Uid): number;
  /** Called with each batch after `entries` has it; returns the function that ends it. Never called re-entrantly from a mutation's own await. */
  subscribe(listener: (changes: readonly Change[]) => void): () => void;
  /** Waits until everything committed before this call is in `entries`. */
  refresh(): Promise<void>;
  release(): void;
}

export interface FlagChange {
  mode: 'add' | 'remove' | 'replace';
  flags: number;
  keywords: readonly string[];
}

/** COPYUID (RFC 4315 §3): pairs in the order of the source uids. */
export interface CopyResult {
  uidValidity: number;
  pairs: readonly (readonly [source: Uid, target: Uid])[];
}

/** Exists only inside `Store.transact`. Every method is one or a few set-based statements. Throws `StoreError`. */
export interface StoreTransaction {
  createFolder(name: string, specialUse?: SpecialUse | null): Promise<Folder>;
  /** Renames with all inferiors; renaming INBOX moves its messages to a new folder (RFC 9051 §6.3.6). */
  renameFolder(from: string, to: string): Promise<void>;
  /** Removes the folder and its messages; INBOX cannot be. Inferiors stay. */
  deleteFolder(name: string): Promise<void>;
  setSubscribed(name: string, subscribed: boolean): Promise<void>;
  /** `failed`: uids whose modseq is above `unchangedSince` (RFC 7162 §3.1.3). Entries that do not change keep their modseq. */
  storeFlags(
    folderId: FolderId,
    uids: readonly Uid[],
    change: FlagChange,
    unchangedSince?: number,
  ): Promise<{ updated: readonly MessageEntry[]; failed: readonly Uid[] }>;
  /** Removes those of `uids` that exist (with `onlyDeleted`: and have \Deleted); returns the removed. */
  expunge(folderId: FolderId, uids: readonly Uid[], onlyDeleted: boolean): Promise<readonly Uid[]>;
  copy(folderId: FolderId, uids: readonly Uid[], targetName: string): Promise<CopyResult>;
  /** Copy and expunge in one (RFC 6851). */
  move(folderId: FolderId, uids: readonly Uid[], targetName: string): Promise<CopyResult>;
}

/** `unavailable` is worth a retry: nothing was kept. */
export type StoreErrorCode =
  | 'nonexistent'
  | 'already-exists'
  | 'cannot'
  | 'over-quota'
  | 'too-big'
  | 'limit'
  | 'unavailable';

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** A message on its way into one folder by APPEND or as a draft. Bytes are what the client sent, kept as they are. */
export interface AppendWriter {
  /** Resolves when the writer can take more (back-pressure). */
  write(chunk: Buffer): Promise<void>;
  commit(): Promise<{ uidValidity: number; uid: Uid }>;
  abort(): Promise<void>;
}

export interface AppendOptions {
  flags: number;
  keywords: readonly string[];
  internalDate: Date;
  /** Announced literal size, refused early when it cannot fit the quota. */
  sizeBytes: number;
}

/** What FETCH and SEARCH ask for without touching bytes; only the requested optional fields are filled. */
export interface MessageRow extends MessageEntry {
  size: number;
  internalDate: Date;
  saveDate: Date;
  blobId: number;
  threadKey: string;
  /** ENVELOPE, BODY and BODYSTRUCTURE ready to send, literals included. */
  imapEnvelope?: Buffer;
  imapBody?: Buffer;
  bodyStructure?: Buffer;
  preview?: string;
}

export type RowField = 'imapEnvelope' | 'imapBody' | 'bodyStructure' | 'preview';

/** Reads the bytes of one message: prefix + blob as one sequence of `size` bytes. */
export interface MessageReader {
  readonly uid: Uid;
  readonly size: number;
  /** Bytes before the blob: `structure` offsets are relative to the blob, so byte n of the blob is n + prefixSize here. */
  readonly prefixSize: number;
  readonly structure: MimePart;
  /** Bytes [start, end), clamped; only the chunks they lie in are read. */
  read(start: number, end: number): Promise<Buffer>;
  /** The same as a stream of chunks, for large ranges. */
  stream(start: number, end: number): AsyncIterable<Buffer>;
}

export interface Store {
  listFolders(accountId: AccountId): Promise<Folder[]>;
  /** INBOX in any case, others exactly; undefined where there is none. */
  findFolder(accountId: AccountId, name: string): Promise<Folder | undefined>;
  openView(accountId: AccountId, folderId: FolderId): Promise<FolderView>;
  /** All changes of an account (for STATUS, NOTIFY, IDLE outside a view); returns the function that ends it. */
  subscribe(accountId: AccountId, listener: (changes: readonly Change[]) => void): () => void;
  transact<T>(accountId: AccountId, run: (tx: StoreTransaction) => Promise<T>): Promise<T>;
  /** Throws `StoreError('nonexistent')` where the folder is not there: IMAP answers TRYCREATE. */
  append(accountId: AccountId, folderName: string, options: AppendOptions): Promise<AppendWriter>;
  /** Rows of `uids` (ascending) that still exist, read ahead in batches. */
  readRows(
    accountId: AccountId,
    folderId: FolderId,
    uids: readonly Uid[],
    fields: readonly RowField[],
  ): AsyncIterable<MessageRow>;
  /** Of every message of a folder that is there now, by uid. */
  readSizes(accountId: AccountId, folderId: FolderId): Promise<{ uid: Uid; size: number }[]>;
  /** Readers for `uids` (ascending) that still exist; small messages are read ahead in batches, large ones stream. */
  openMessages(accountId: AccountId, folderId: FolderId, uids: readonly Uid[]): AsyncIterable<MessageReader>;
  /** Uids removed after `modseq`, ascending (QRESYNC, VANISHED). */
  readExpungedSince(accountId: AccountId, folderId: FolderId, modseq: number): Promise<Uid[]>;
  /**
   * Those of `uids` whose decoded header or text contains `needle` (case-insensitive substring, RFC 9051 §6.4.4);
   * `body` leaves the header out. Uses the search index where it has the message and reads the others.
   */
  searchText(
    accountId: AccountId,
    folderId: FolderId,
    uids: readonly Uid[],
    needle: string,
    where: 'text' | 'body',
  ): Promise<Uid[]>;
  /** Those of `uids` that have header field `name` whose decoded value contains `needle` (empty: has the field at all). */
  searchHeader(
    accountId: AccountId,
    folderId: FolderId,
    uids: readonly Uid[],
    name: string,
    needle: string,
  ): Promise<Uid[]>;
  readUsage(accountId: AccountId): Promise<{ sizeBytes: number; messages: number; quotaBytes: number }>;
  close(): Promise<void>;
}
