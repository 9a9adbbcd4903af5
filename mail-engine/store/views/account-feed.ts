/**
 * Changes of all folders of one account for sessions outside a view. Commits of this process are passed on as they are; for those of
 * other nodes the feed remembers where each folder stood and reads what came after. Where it stood is first read when the feed
 * begins, so another node's change in that instant may not be told apart.
 */
import type { Pool } from 'pg';
import { FOLDER_COLUMNS, type FolderRow } from '../folders/folder-row.ts';
import type { AccountId, Change, FolderId } from '../types.ts';
import { readDelta } from './read-delta.ts';
import type { CommittedChanges } from './types.ts';

type Listener = (changes: readonly Change[]) => void;

interface Known {
  name: string;
  subscribed: boolean;
  modseq: number;
  uidNext: number;
}

const LIST = { name: 'feed-list-folders', text: `SELECT ${FOLDER_COLUMNS} FROM folder f WHERE f.account_id = $1` };

export class AccountFeed {
  readonly #pool: Pool;
  readonly #accountId: AccountId;
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Set<Listener>();
  readonly #known = new Map<FolderId, Known>();
  #work: Promise<void>;
  #looking = false;

  constructor(pool: Pool, accountId: AccountId, onError: (error: unknown) => void) {
    this.#pool = pool;
    this.#accountId = accountId;
    this.#onError = onError;
    this.#work = this.#learn().catch(onError);
  }

  get isIdle(): boolean {
    return this.#listeners.size === 0;
  }

  subscribe(listener: Listener): () => void {
    const own: Listener = (changes) => listener(changes);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  apply({ deltas, folderChanges }: CommittedChanges): void {
    for (const { folderId, fromModseq, toModseq, uidNext, changes } of deltas) {
      const known = this.#known.get(folderId);
      if (known && toModseq <= known.modseq) continue;
      if (known && fromModseq > known.modseq + 1) {
        this.look(); // another node's commit came in between: both are read
        continue;
      }
      if (known) Object.assign(known, { modseq: toModseq, uidNext });
      this.#tell(changes);
    }
    for (const change of folderChanges) {
      this.#remember(change);
      this.#tell([change]);
    }
  }

  /** Reads what other nodes committed. */
  look(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#work = this.#work
      .then(() => {
        this.#looking = false;
        return this.#compare();
      })
      .catch(this.#onError);
  }

  async #read(): Promise<FolderRow[]> {
    const { rows } = await this.#pool.query<FolderRow>({ ...LIST, values: [this.#accountId] });
    return rows;
  }

  async #learn(): Promise<void> {
    for (const row of await this.#read()) if (!this.#known.has(row.id)) this.#know(row);
  }

  #know({ id, name, subscribed, highestModseq, uidNext }: FolderRow): void {
    this.#known.set(id, { name, subscribed, modseq: highestModseq, uidNext });
  }

  #remember({ folderId, what, name }: Extract<Change, { kind: 'folder' }>): void {
    const known = this.#known.get(folderId);
    if (what === 'deleted') this.#known.delete(folderId);
    else if (what === 'created') this.#known.set(folderId, { name, subscribed: true, modseq: 1, uidNext: 1 });
    else if (known && what === 'renamed') known.name = name;
    else if (known) known.subscribed = !known.subscribed;
  }

  async #compare(): Promise<void> {
    const accountId = this.#accountId;
    const rows = await this.#read();
    const changes: Change[] = [];
    for (const [folderId, { name }] of this.#known) {
      if (rows.some(({ id }) => id === folderId)) continue;
      this.#known.delete(folderId);
      changes.push({ kind: 'folder', accountId, folderId, what: 'deleted', name });
    }
    for (const row of rows) for (const change of await this.#compareFolder(row)) changes.push(change);
    this.#tell(changes);
  }

  async #compareFolder(row: FolderRow): Promise<Change[]> {
    const { accountId, id: folderId, name } = row;
    const known = this.#known.get(folderId);
    if (!known) {
      this.#know(row);
      return [{ kind: 'folder', accountId, folderId, what: 'created', name }];
    }
    const changes: Change[] = [];
    if (known.name !== name) changes.push({ kind: 'folder', accountId, folderId, what: 'renamed', name });
    if (known.subscribed !== row.subscribed) {
      changes.push({ kind: 'folder', accountId, folderId, what: 'subscription', name });
    }
    Object.assign(known, { name, subscribed: row.subscribed });
    const since = known.modseq;
    if (row.highestModseq <= since) return changes;
    const delta = await readDelta(this.#pool, accountId, folderId, since);
    if (!delta || delta.folder.highestModseq <= known.modseq) return changes;
    for (const entry of delta.changed) {
      if (entry.modseq <= known.modseq) continue;
      changes.push({ kind: entry.uid < known.uidNext ? 'flags' : 'added', accountId, folderId, entry });
    }
    for (const { uid, modseq } of delta.removed) {
      if (modseq > known.modseq) changes.push({ kind: 'removed', accountId, folderId, uid, modseq });
    }
    Object.assign(known, { modseq: delta.folder.highestModseq, uidNext: delta.folder.uidNext });
    return changes;
  }

  #tell(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener(changes);
      } catch (error) {
        this.#onError(error); // one session's fault is not another's
      }
    }
  }
}
