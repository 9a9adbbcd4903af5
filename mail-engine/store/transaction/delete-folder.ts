/** DELETE (RFC 9051 §6.3.5) with all messages; INBOX cannot be, inferiors stay. */
import { StoreError } from '../types.ts';
import type { TransactionContext } from './context.ts';

const DELETE_MESSAGES = {
  name: 'tx-delete-folder-messages',
  text: 'DELETE FROM message WHERE account_id = $1 AND folder_id = $2',
};
const DELETE_FOLDER = { name: 'tx-delete-folder', text: 'DELETE FROM folder WHERE account_id = $1 AND id = $2' };

export async function deleteFolder(tx: TransactionContext, name: string): Promise<void> {
  const folder = await tx.requireFolder(name);
  if (folder.name === 'INBOX') throw new StoreError('cannot', 'INBOX cannot be deleted.');
  await tx.query(DELETE_MESSAGES, [tx.accountId, folder.id]);
  await tx.query(DELETE_FOLDER, [tx.accountId, folder.id]);
  await tx.changeUsage(-folder.sizeBytes, -folder.exists);
  tx.recordFolder(folder.id, 'deleted', folder.name);
}
