/**
 * Runs a transaction on one account: locked, committed, and only then published. A caller's own error rolls back and passes through;
 * a lock that somebody keeps too long, or a database that fails, is `StoreError('unavailable')`.
 */
import type { Pool, PoolClient } from 'pg';
import type { FolderKeywords } from '../folders/folder-keywords.ts';
import { type AccountId, StoreError, type StoreTransaction } from '../types.ts';
import type { CommittedChanges } from '../views/types.ts';
import { TransactionContext, unavailable } from './context.ts';
import { copy, move } from './copy-messages.ts';
import { createFolder } from './create-folder.ts';
import { deleteFolder } from './delete-folder.ts';
import { removeMessages } from './expunge.ts';
import { renameFolder } from './rename-folder.ts';
import { setSubscribed } from './set-subscribed.ts';
import { storeFlags } from './store-flags.ts';

const BEGIN = `BEGIN; SET LOCAL lock_timeout = '30s'`;
const LOCK = {
  name: 'tx-lock-account',
  text: 'SELECT 1 FROM account_usage WHERE account_id = $1 FOR NO KEY UPDATE',
};

function toTransaction(tx: TransactionContext): StoreTransaction {
  return {
    createFolder: (name, specialUse = null) => createFolder(tx, name, specialUse),
    renameFolder: (from, to) => renameFolder(tx, from, to),
    deleteFolder: (name) => deleteFolder(tx, name),
    setSubscribed: (name, subscribed) => setSubscribed(tx, name, subscribed),
    storeFlags: (folderId, uids, change, unchangedSince) => storeFlags(tx, folderId, uids, change, unchangedSince),
    expunge: (folderId, uids, onlyDeleted) => removeMessages(tx, folderId, uids, onlyDeleted),
    copy: (folderId, uids, targetName) => copy(tx, folderId, uids, targetName),
    move: (folderId, uids, targetName) => move(tx, folderId, uids, targetName),
  };
}

async function lockAccount(client: PoolClient, accountId: AccountId): Promise<void> {
  const locked = client.query(BEGIN).then(() => client.query({ ...LOCK, values: [accountId] }));
  const { rowCount } = await locked.catch((error: unknown) => Promise.reject(unavailable(error)));
  if (rowCount === 0) throw new StoreError('nonexistent', 'There is no such account.');
}

/** Where the connection is lost here the transaction may have been committed; views find out at their next refresh. */
async function commit(client: PoolClient): Promise<void> {
  const ended = await client.query('COMMIT').catch((error: unknown) => Promise.reject(unavailable(error)));
  if (ended.command !== 'COMMIT') throw unavailable(new Error('the transaction was rolled back'));
}

export async function transact<T>(
  { pool, keywords }: { pool: Pool; keywords: FolderKeywords },
  accountId: AccountId,
  run: (tx: StoreTransaction) => Promise<T>,
  publish: (changes: CommittedChanges) => void,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => Promise.reject(unavailable(error)));
  let broken: Error | undefined;
  try {
    await lockAccount(client, accountId);
    const tx = new TransactionContext(client, accountId, keywords);
    const result = await run(toTransaction(tx));
    const changes = tx.end();
    await commit(client);
    publish(changes);
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
