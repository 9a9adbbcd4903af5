/**
 * Composes the store: reads through `pool`, batches and searches through connections of their own, other nodes' changes through one that
 * listens. See docs/storage.md for the promise it keeps.
 */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { createListener } from '#server/database/listener.ts';
import { createPool } from '#server/database/pool.ts';
import { logger } from '#server/logger.ts';
import { createAppend } from './append.ts';
import { BATCH_CONNECTIONS, type Committer, createCommitter } from './batch/committer.ts';
import { createIdSource } from './batch/id-source.ts';
import { BATCH_PLANS } from './batch/statements.ts';
import type { FolderCommit } from './batch/types.ts';
import { type BlobWriter, createBlobWriters } from './blob/blob-writer.ts';
import { FolderKeywords } from './folders/folder-keywords.ts';
import { findFolder, listFolders, readUsage } from './folders/read-folders.ts';
import { readExpungedSince } from './read/expunged.ts';
import { openMessages } from './read/open-messages.ts';
import { readRows } from './read/read-rows.ts';
import { readSizes } from './read/read-sizes.ts';
import { createSearch } from './search/create-search.ts';
import { createAccountTurns } from './transaction/account-turns.ts';
import { transact } from './transaction/transact.ts';
import type { AccountId, Store } from './types.ts';
import { CHANNEL, decodeAnnouncement } from './views/announcement.ts';
import { createAnnouncer } from './views/announcer.ts';
import { ChangeHub } from './views/change-hub.ts';
import type { CommittedChanges } from './views/types.ts';

export interface StoreOptions {
  /** Made by `createPool`. The store does not end it. */
  pool: Pool;
  /** URL of the same database, for the connections the store keeps to itself: batches, searches, and LISTEN. */
  listenUrl: string;
}

/** The store, and what intake shares with it. */
export interface MailStore extends Store {
  readonly committer: Committer;
  readonly createBlobWriter: () => BlobWriter;
  readonly pool: Pool;
}

function toCommittedChanges(commits: readonly FolderCommit[]): CommittedChanges[] {
  const byAccount = new Map<AccountId, CommittedChanges & { deltas: CommittedChanges['deltas'][number][] }>();
  for (const { accountId, folderId, fromModseq, toModseq, uidNext, added } of commits) {
    const committed = byAccount.get(accountId) ?? { accountId, deltas: [], folderChanges: [] };
    byAccount.set(accountId, committed);
    const changes = added.map((entry) => ({ kind: 'added', accountId, folderId, entry }) as const);
    committed.deltas.push({ folderId, fromModseq, toModseq, uidNext, changes });
  }
  return [...byAccount.values()];
}

export async function createStore({ pool, listenUrl }: StoreOptions): Promise<MailStore> {
  const log = logger('store');
  const warn = (error: unknown): void => log.warn({ err: error }, 'the store met an error');
  const node = randomUUID();
  const announcer = createAnnouncer(pool, node, warn);
  const hub = new ChangeHub({ pool, announce: announcer.announce, onError: warn });
  const batchPool = createPool({
    connectionString: listenUrl,
    max: BATCH_CONNECTIONS,
    options: BATCH_PLANS,
    idleTimeoutMillis: 0, // plans made once are kept
  });
  const blobIds = createIdSource(pool, 'blob_id_seq');
  const createBlobWriter = createBlobWriters({ pool, blobIds });
  const committer = createCommitter({
    pool: batchPool,
    blobIds,
    queueIds: createIdSource(pool, 'queue_message_id_seq'),
    publish: (commits) => {
      for (const changes of toCommittedChanges(commits)) hub.publish(changes);
    },
    onError: (error, members) => log.error({ err: error, members }, 'a batch failed'),
  });
  const listener = await createListener({
    url: listenUrl,
    channel: CHANNEL,
    onNotify: (payload) => {
      const { node: from, what } = decodeAnnouncement(payload);
      if (from === node) return;
      announcer.meet(from);
      if (what === 'look') hub.lookAtEverything();
      else if (what !== 'hello') for (const [accountId, folderIds] of what) hub.lookAt(accountId, folderIds);
    },
    onUp: () => {
      announcer.greet();
      hub.lookAtEverything();
    },
    onDown: () => undefined, // what is missed meanwhile is looked at when it is up again
  });
  const search = createSearch(listenUrl);
  const turns = createAccountTurns();
  const keywords = new FolderKeywords();

  return {
    pool,
    committer,
    createBlobWriter,
    listFolders: (accountId) => listFolders(pool, accountId),
    findFolder: (accountId, name) => findFolder(pool, accountId, name),
    openView: (accountId, folderId) => hub.openView(accountId, folderId),
    subscribe: (accountId, listen) => hub.subscribe(accountId, listen),
    transact: (accountId, run) =>
      turns(accountId, () => transact({ pool, keywords }, accountId, run, (changes) => hub.publish(changes))),
    append: createAppend({ pool, committer, createBlobWriter, keywords }),
    readRows: (accountId, folderId, uids, fields) => readRows(pool, accountId, folderId, uids, fields),
    readSizes: (accountId, folderId) => readSizes(pool, accountId, folderId),
    openMessages: (accountId, folderId, uids) => openMessages(pool, accountId, folderId, uids),
    readExpungedSince: (accountId, folderId, modseq) => readExpungedSince(pool, accountId, folderId, modseq),
    searchText: search.searchText,
    searchHeader: search.searchHeader,
    readUsage: (accountId) => readUsage(pool, accountId),
    close: async () => {
      await committer.close();
      await listener.close();
      await announcer.close();
      await search.close();
      await batchPool.end();
    },
  };
}
