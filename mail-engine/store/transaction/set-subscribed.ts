/** SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.7); only folders that exist can be. */
import type { TransactionContext } from './context.ts';

const UPDATE = {
  name: 'tx-set-subscribed',
  text: 'UPDATE folder SET subscribed = $3 WHERE account_id = $1 AND id = $2',
};

export async function setSubscribed(tx: TransactionContext, name: string, subscribed: boolean): Promise<void> {
  const folder = await tx.requireFolder(name);
  if (folder.subscribed === subscribed) return;
  await tx.query(UPDATE, [tx.accountId, folder.id, subscribed]);
  tx.recordFolder(folder.id, 'subscription', folder.name);
}
