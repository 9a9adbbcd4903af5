/**
 * One folder as all its sessions in this process see it. Commits of this process are applied at once when they follow what the view
 * has; everything else (another node's commits, one that arrived out of order) is read from the database by modseq.
 *
 * Invariant: the view equals the folder as it stood at `modseq`. A delta that was read is dropped when the view has meanwhile
 * gone beyond it, so an older snapshot never brings a removed message back.
 */
import type { Pool } from 'pg';
import type { Change, Folder, FolderView, MessageEntry, Uid } from '../types.ts';
import { EntryList } from './entry-list.ts';
import { type FolderChangesSince, findFolderById, readDelta, readEntries } from './read-delta.ts';
import type { FolderDelta } from './types.ts';

type Listener = (changes: readonly Change[]) => void;

export class SharedView {
  readonly #pool: Pool;
  readonly #listeners = new Set<Listener>();
  readonly #onListenerError: (error: unknown) => void;
  readonly #entries: EntryList;
  #folder: Folder;
  #modseq: number;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #deleted = false;

  constructor(pool: Pool, folder: Folder, entries: MessageEntry[], onListenerError: (error: unknown) => void) {
    this.#pool = pool;
    this.#folder = folder;
    this.#modseq = folder.highestModseq;
    this.#entries = new EntryList(entries);
    this.#onListenerError = onListenerError;
  }

  /** Undefined where there is no such folder. */
  static async load(
    pool: Pool,
    accountId: number,
    folderId: number,
    onListenerError: (error: unknown) => void,
  ): Promise<SharedView | undefined> {
    const folder = await findFolderById(pool, accountId, folderId);
    if (!folder) return undefined;
    const view = new SharedView(pool, folder, await readEntries(pool, accountId, folderId), onListenerError);
    await view.refresh();
    return view;
  }

  get folder(): Folder {
    return { ...this.#folder, exists: this.#entries.length, highestModseq: this.#modseq };
  }

  get isDeleted(): boolean {
    return this.#deleted;
  }

  /** Takes a commit of this process. */
  apply(delta: FolderDelta): void {
    if (delta.toModseq <= this.#modseq) return;
    if (delta.fromModseq !== this.#modseq + 1) {
      void this.refresh().catch(this.#onListenerError);
      return;
    }
    this.#modseq = delta.toModseq;
    this.#folder = { ...this.#folder, uidNext: Math.max(this.#folder.uidNext, delta.uidNext) };
    this.#change(delta.changes);
  }

  applyFolderChange(change: Extract<Change, { kind: 'folder' }>): void {
    if (change.what === 'renamed') this.#folder = { ...this.#folder, name: change.name };
    if (change.what === 'deleted') this.#vanish(change);
    else this.#tell([change]);
  }

  /** Reads that began before this call do not count: what is asked for may have been committed after them. */
  refresh(): Promise<void> {
    if (!this.#running) {
      this.#running = this.#catchUp().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    this.#next ??= this.#running
      .catch(() => undefined) // its own callers are told
      .then(() => {
        this.#next = undefined;
        return this.refresh();
      });
    return this.#next;
  }

  open(onRelease: () => void): FolderView {
    const view = this;
    const mine = new Set<Listener>();
    let released = false;
    return {
      get folder() {
        return view.folder;
      },
      get entries() {
        return view.#entries.take();
      },
      indexOf: (uid) => view.#entries.indexOf(uid),
      subscribe: (listener) => {
        const own: Listener = (changes) => listener(changes);
        mine.add(own);
        view.#listeners.add(own);
        return () => {
          mine.delete(own);
          view.#listeners.delete(own);
        };
      },
      refresh: () => view.refresh(),
      release: () => {
        if (released) return;
        released = true;
        for (const listener of mine) view.#listeners.delete(listener);
        onRelease();
      },
    };
  }

  async #catchUp(): Promise<void> {
    const { accountId, id } = this.#folder;
    const since = this.#modseq;
    const delta = await readDelta(this.#pool, accountId, id, since);
    if (!delta)
      return this.#vanish({ kind: 'folder', accountId, folderId: id, what: 'deleted', name: this.#folder.name });
    if (delta.folder.highestModseq < this.#modseq) return;
    const renamed = delta.folder.name !== this.#folder.name;
    const isNewer = delta.folder.highestModseq > this.#modseq;
    this.#folder = delta.folder;
    this.#modseq = delta.folder.highestModseq;
    const name = delta.folder.name;
    if (renamed) this.#tell([{ kind: 'folder', accountId, folderId: id, what: 'renamed', name }]);
    if (isNewer) this.#change(delta.tooOld ? await this.#compareAll() : this.#toChanges(delta));
  }

  #toChanges({ changed, removed }: FolderChangesSince): Change[] {
    const { accountId, id: folderId } = this.#folder;
    const changes: Change[] = [];
    for (const entry of changed) {
      const known = this.#entries.get(entry.uid);
      if (known && known.modseq >= entry.modseq) continue;
      changes.push({ kind: known ? 'flags' : 'added', accountId, folderId, entry });
    }
    for (const { uid, modseq } of removed) {
      if (this.#entries.get(uid)) changes.push({ kind: 'removed', accountId, folderId, uid, modseq });
    }
    return changes;
  }

  /** Only for a view that was cut off from the database for longer than removals are remembered. */
  async #compareAll(): Promise<Change[]> {
    const { accountId, id } = this.#folder;
    const now = await readEntries(this.#pool, accountId, id);
    const present = new Set(now.map(({ uid }) => uid));
    const gone = this.#entries.take().filter(({ uid }) => !present.has(uid));
    const removed = gone.map(({ uid }) => ({ uid, modseq: this.#modseq }));
    return this.#toChanges({ folder: this.#folder, changed: now, removed, tooOld: false });
  }

  #vanish(change: Extract<Change, { kind: 'folder' }>): void {
    if (this.#deleted) return;
    this.#deleted = true;
    const { accountId, folderId } = change;
    const modseq = this.#modseq + 1;
    const removed = this.#entries
      .take()
      .map(({ uid }): Change => ({ kind: 'removed', accountId, folderId, uid, modseq }));
    this.#change([...removed, change]);
  }

  #change(changes: readonly Change[]): void {
    const gone = new Set<Uid>();
    for (const change of changes) {
      if (change.kind === 'added' || change.kind === 'flags') this.#entries.put(change.entry);
      else if (change.kind === 'removed') gone.add(change.uid);
    }
    this.#entries.removeAll(gone);
    this.#tell(changes);
  }

  #tell(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener(changes);
      } catch (error) {
        this.#onListenerError(error); // one session's fault is not another's
      }
    }
  }
}
