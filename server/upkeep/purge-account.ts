import type { Database } from '../database/prisma.ts';
import { inTransaction } from '../database/transaction.ts';

/** Rows a statement removes, so that no transaction grows with the mailbox. */
const BATCH = 5_000;

async function deleteMessages(db: Database, accountId: bigint): Promise<void> {
  for (let deleted = BATCH; deleted === BATCH; ) {
    deleted = await db.$executeRaw`
      DELETE FROM message WHERE (account_id, folder_id, uid) IN (
        SELECT account_id, folder_id, uid FROM message WHERE account_id = ${accountId} LIMIT ${BATCH})`;
  }
}

/**
 * Removes a deleted account and its mail for good. Blobs that nobody else refers to are left to the store's sweeper. Interrupted,
 * it is taken up again by the next upkeep. An account restored meanwhile would lose mail, so this is for those past restoring only.
 */
export async function purgeAccount(db: Database, accountId: bigint): Promise<void> {
  await deleteMessages(db, accountId);
  await inTransaction(db, async (tx) => {
    // The store changes an account's mail under this lock.
    await tx.$queryRaw`SELECT account_id FROM account_usage WHERE account_id = ${accountId} FOR UPDATE`;
    await tx.$executeRaw`DELETE FROM message WHERE account_id = ${accountId}`;
    await tx.$executeRaw`DELETE FROM search_text WHERE account_id = ${accountId}`;
    await tx.$executeRaw`DELETE FROM folder WHERE account_id = ${accountId}`;
    await tx.account.delete({ where: { id: accountId } });
  });
}
