/**
 * Carries committed changes to whom they concern: open views and account subscribers of this process at once, other nodes through
 * the announcer. What other nodes announce is read from the database by modseq.
 */
import type { Pool } from 'pg';
import { type AccountId, type Change, type FolderId, type FolderView, StoreError } from '../types.ts';
import { AccountFeed } from './account-feed.ts';
import { SharedView } from './shared-view.ts';
import type { CommittedChanges } from './types.ts';

export interface ChangeHubOptions {
  pool: Pool;
  /** Tells other nodes; must not throw. */
  announce: (accountId: AccountId, folderId: FolderId) => void;
  onError: (error: unknown) => void;
}

interface OpenFolder {
  accountId: AccountId;
  folderId: FolderId;
  loading: Promise<SharedView | undefined>;
  view?: SharedView;
  handles: number;
}

/** Accounts never meet in a key, whatever ids a session names. */
function keyOf(accountId: AccountId, folderId: FolderId): string {
  return `${accountId}/${folderId}`;
}

/** The folder id that stands for "its list of folders changed". */
const FOLDER_LIST = 0;

export class ChangeHub {
  readonly #options: ChangeHubOptions;
  readonly #open = new Map<string, OpenFolder>();
  readonly #feeds = new Map<AccountId, AccountFeed>();

  constructor(options: ChangeHubOptions) {
    this.#options = options;
  }

  async openView(accountId: AccountId, folderId: FolderId): Promise<FolderView> {
    const { pool, onError } = this.#options;
    const key = keyOf(accountId, folderId);
    let open = this.#open.get(key);
    if (!open) {
      open = { accountId, folderId, loading: SharedView.load(pool, accountId, folderId, onError), handles: 0 };
      this.#open.set(key, open);
    }
    const mine = open;
    mine.handles += 1;
    const release = (): void => {
      mine.handles -= 1;
      if (mine.handles === 0 && this.#open.get(key) === mine) this.#open.delete(key);
    };
    try {
      const view = await mine.loading;
      if (mine.view) await mine.view.refresh();
      if (!view || view.isDeleted) throw new StoreError('nonexistent', 'There is no such folder.');
      mine.view = view;
      return view.open(release);
    } catch (error) {
      release();
      throw error;
    }
  }

  subscribe(accountId: AccountId, listener: (changes: readonly Change[]) => void): () => void {
    let feed = this.#feeds.get(accountId);
    if (!feed) {
      feed = new AccountFeed(this.#options.pool, accountId, this.#options.onError);
      this.#feeds.set(accountId, feed);
    }
    const mine = feed;
    const end = mine.subscribe(listener);
    return () => {
      end();
      if (mine.isIdle && this.#feeds.get(accountId) === mine) this.#feeds.delete(accountId);
    };
  }

  /** After a commit of this process. */
  publish(committed: CommittedChanges): void {
    const { accountId, deltas, folderChanges } = committed;
    for (const delta of deltas) {
      this.#withView(delta.folderId, accountId, (view) => view.apply(delta));
      this.#options.announce(accountId, delta.folderId);
    }
    for (const change of folderChanges) {
      this.#withView(change.folderId, accountId, (view) => view.applyFolderChange(change));
      this.#options.announce(accountId, FOLDER_LIST);
    }
    this.#feeds.get(accountId)?.apply(committed);
  }

  /** Another node changed something in the account; `folderIds` undefined means anything. */
  lookAt(accountId: AccountId, folderIds: ReadonlySet<FolderId> | undefined): void {
    for (const open of this.#open.values()) {
      const { folderId } = open;
      if (open.accountId !== accountId) continue;
      if (folderIds && !folderIds.has(folderId) && !folderIds.has(FOLDER_LIST)) continue;
      this.#withView(folderId, accountId, (view) => void view.refresh().catch(this.#options.onError));
    }
    this.#feeds.get(accountId)?.look();
  }

  /** Announcements may have been missed. */
  lookAtEverything(): void {
    const accounts = new Set([...this.#feeds.keys(), ...[...this.#open.values()].map(({ accountId }) => accountId)]);
    for (const accountId of accounts) this.lookAt(accountId, undefined);
  }

  /** A view that is still loading gets what is committed meanwhile when it is there. */
  #withView(folderId: FolderId, accountId: AccountId, act: (view: SharedView) => void): void {
    const open = this.#open.get(keyOf(accountId, folderId));
    if (!open) return;
    if (open.view) act(open.view);
    else void open.loading.then((view) => view && act(view)).catch(() => undefined); // told to who opens it
  }
}
