/**
 * A transaction on one account's mail. It holds the account's `account_usage` row, under which alone the account's folders and messages
 * change, so what it reads it may rely on, and it keeps what it has read and changed of folder rows at hand.
 */
import type { PoolClient, QueryResultRow } from 'pg';
import type { FolderKeywords } from '../folders/folder-keywords.ts';
import { canonicalName } from '../folders/folder-name.ts';
import { FOLDER_COLUMNS, type FolderRow } from '../folders/folder-row.ts';
import { type AccountId, type Change, type FolderId, StoreError } from '../types.ts';
import type { CommittedChanges } from '../views/types.ts';

interface Delta {
  fromModseq: number;
  toModseq: number;
  uidNext: number;
  changes: Change[];
}

const FIND_BY_NAME = {
  name: 'tx-folder-by-name',
  text: `SELECT ${FOLDER_COLUMNS} FROM folder f WHERE f.account_id = $1 AND f.name = $2`,
};
const FIND_BY_ID = {
  name: 'tx-folder-by-id',
  text: `SELECT ${FOLDER_COLUMNS} FROM folder f WHERE f.account_id = $1 AND f.id = $2`,
};
const CHANGE_FOLDER = {
  name: 'tx-change-folder',
  text: `UPDATE folder SET uid_next = $3, highest_modseq = $4, "exists" = "exists" + $5, unseen = unseen + $6, size = size + $7
    WHERE account_id = $1 AND id = $2`,
};
const CHANGE_USAGE = {
  name: 'tx-change-usage',
  text: 'UPDATE account_usage SET size_bytes = size_bytes + $2, messages = messages + $3 WHERE account_id = $1',
};

/** A database that fails, is gone, or keeps a lock from us: whatever was begun is rolled back. */
export function unavailable(cause: unknown): StoreError {
  const error = new StoreError('unavailable', 'The mail store cannot do this now.');
  error.cause = cause;
  return error;
}

/** What one step did to a folder. */
export interface FolderStep {
  /** Uids taken, from `uidNext` on. */
  uids?: number;
  exists?: number;
  unseen?: number;
  bytes?: number;
  changes: readonly Change[];
}

export class TransactionContext {
  readonly accountId: AccountId;
  readonly #client: PoolClient;
  readonly #keywords: FolderKeywords;
  readonly #deltas = new Map<FolderId, Delta>();
  readonly #folderChanges: Extract<Change, { kind: 'folder' }>[] = [];
  #ended = false;

  constructor(client: PoolClient, accountId: AccountId, keywords: FolderKeywords) {
    this.#client = client;
    this.#keywords = keywords;
    this.accountId = accountId;
  }

  async query<Row extends QueryResultRow>(
    statement: { name?: string; text: string },
    values: unknown[],
  ): Promise<Row[]> {
    if (this.#ended) throw new Error('the transaction has ended');
    try {
      return (await this.#client.query<Row>({ ...statement, values })).rows;
    } catch (error) {
      throw unavailable(error);
    }
  }

  async findFolder(name: string): Promise<FolderRow | undefined> {
    return (await this.query<FolderRow>(FIND_BY_NAME, [this.accountId, canonicalName(name)]))[0];
  }

  async requireFolder(name: string): Promise<FolderRow> {
    const folder = await this.findFolder(name);
    if (!folder) throw new StoreError('nonexistent', 'There is no such folder.');
    return folder;
  }

  async requireFolderById(folderId: FolderId): Promise<FolderRow> {
    const folder = (await this.query<FolderRow>(FIND_BY_ID, [this.accountId, folderId]))[0];
    if (!folder) throw new StoreError('nonexistent', 'There is no such folder.');
    return folder;
  }

  /** Those of `keywords` that would be too many different ones in the folder. */
  async findExcessKeywords(folderId: FolderId, keywords: Iterable<string>): Promise<readonly string[]> {
    const query = (statement: { name: string; text: string }, values: unknown[]) =>
      this.query<{ keyword: string }>(statement, values);
    return await this.#keywords.findExcess(query, this.accountId, folderId, keywords);
  }

  /** Writes a step that took modseq `folder.highestModseq + 1`, and keeps its changes for after the commit. */
  async stepFolder(folder: FolderRow, step: FolderStep): Promise<void> {
    const modseq = folder.highestModseq + 1;
    const uidNext = folder.uidNext + (step.uids ?? 0);
    const { exists = 0, unseen = 0, bytes = 0 } = step;
    await this.query(CHANGE_FOLDER, [this.accountId, folder.id, uidNext, modseq, exists, unseen, bytes]);
    const delta = this.#deltas.get(folder.id) ?? { fromModseq: modseq, toModseq: modseq, uidNext, changes: [] };
    delta.toModseq = modseq;
    delta.uidNext = uidNext;
    for (const change of step.changes) delta.changes.push(change);
    this.#deltas.set(folder.id, delta);
  }

  async changeUsage(bytes: number, messages: number): Promise<void> {
    await this.query(CHANGE_USAGE, [this.accountId, bytes, messages]);
  }

  recordFolder(folderId: FolderId, what: 'created' | 'renamed' | 'deleted' | 'subscription', name: string): void {
    this.#folderChanges.push({ kind: 'folder', accountId: this.accountId, folderId, what, name });
  }

  /** No further statement may run; what is to be published once the commit has succeeded. */
  end(): CommittedChanges {
    this.#ended = true;
    const deltas = [...this.#deltas].map(([folderId, delta]) => ({ folderId, ...delta }));
    return { accountId: this.accountId, deltas, folderChanges: this.#folderChanges };
  }
}
