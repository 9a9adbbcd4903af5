import type { PoolClient } from 'pg';

/** A queue_message goes with its last entry. The caller holds its row lock. The blob is the sweeper's. */
export async function removeEmptyMessage(client: PoolClient, messageId: number): Promise<void> {
  await client.query(
    'DELETE FROM queue_message m WHERE id = $1 AND NOT EXISTS (SELECT FROM queue_entry e WHERE e.message_id = m.id)',
    [messageId],
  );
}
