/**
 * To whom held mail goes, for what it is released to: those the account never wrote to before are remembered from now on, as they would
 * have been had it left at once.
 */
import type { Context } from '../operation.ts';
import { hashRecipient } from '../send-limits/hash-recipient.ts';

/** Returns how many they are. */
export async function rememberRecipients({ db, now }: Context, accountId: bigint): Promise<number> {
  const rows = await db.$queryRaw<{ recipient: string }[]>`
    SELECT DISTINCT e.recipient FROM queue_message m JOIN queue_entry e ON e.message_id = m.id
    WHERE m.account_id = ${accountId} AND e.state = 'held' AND e.hold_reason IS NOT NULL`;
  const hashes = [...new Set(rows.map(({ recipient }) => hashRecipient(Number(accountId), recipient)))];
  return await db.$executeRaw`
    INSERT INTO send_recipient (account_id, hash, last_at)
    SELECT ${accountId}::bigint, hash::bigint, ${now()}::timestamptz FROM unnest(${hashes}::text[]) AS v (hash)
    ON CONFLICT (account_id, hash) DO NOTHING`;
}
