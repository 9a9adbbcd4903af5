/**
 * Removes an account whose time to be restored is over: its mail in batches, each under the account's lock, then its rows. An account
 * that is not deleted, or whose `purge_after` has not passed, is never touched. Its bytes go with the sweeper. `signal` ends it between two
 * batches: what is left is the next run's.
 */
import type { Pool } from 'pg';
import { inTransaction } from '#server/database/pool-transaction.ts';

const BATCH = 2_000;

const DUE = `SELECT id FROM account WHERE deleted_at IS NOT NULL AND purge_after <= $1 ORDER BY id LIMIT 100`;
const LOCK = `SELECT 1 FROM account_usage u JOIN account a ON a.id = u.account_id
  WHERE a.id = $1 AND a.deleted_at IS NOT NULL AND a.purge_after <= $2 FOR NO KEY UPDATE OF u`;
const REMOVE_MESSAGES = `WITH gone AS (
    DELETE FROM message WHERE ctid = ANY(ARRAY(SELECT ctid FROM message WHERE account_id = $1 LIMIT ${BATCH}))
    RETURNING folder_id, size, flags),
  per_folder AS (SELECT folder_id, count(*) AS messages, count(*) FILTER (WHERE flags & 1 = 0) AS unseen, sum(size) AS bytes
    FROM gone GROUP BY folder_id),
  folders AS (UPDATE folder f SET "exists" = f."exists" - p.messages, unseen = f.unseen - p.unseen, size = f.size - p.bytes
    FROM per_folder p WHERE f.account_id = $1 AND f.id = p.folder_id),
  usage AS (UPDATE account_usage u SET messages = u.messages - t.messages, size_bytes = u.size_bytes - t.bytes
    FROM (SELECT sum(messages) AS messages, sum(bytes) AS bytes FROM per_folder HAVING count(*) > 0) AS t WHERE u.account_id = $1)
  SELECT count(*) AS count FROM gone`;
const REMOVE_ROWS = [
  'DELETE FROM search_text WHERE account_id = $1',
  'DELETE FROM folder WHERE account_id = $1',
  `DELETE FROM address a WHERE a.kind = 'account' AND EXISTS (SELECT 1 FROM address_target t WHERE t.address_id = a.id AND t.account_id = $1)
    AND NOT EXISTS (SELECT 1 FROM address_target t WHERE t.address_id = a.id AND t.account_id <> $1)`,
  'DELETE FROM account WHERE id = $1',
];
const PURGE_DOMAINS = `DELETE FROM domain d WHERE d.deleted_at IS NOT NULL AND d.purge_after <= $1
  AND NOT EXISTS (SELECT 1 FROM account a WHERE a.domain_id = d.id)`;

/** False where the account is not (any more) to be purged, or not all of it is. */
export async function purgeAccount(pool: Pool, accountId: number, now: Date, signal?: AbortSignal): Promise<boolean> {
  await pool.query(
    'INSERT INTO account_usage (account_id) SELECT id FROM account WHERE id = $1 ON CONFLICT DO NOTHING',
    [accountId],
  );
  while (!signal?.aborted) {
    const state = await inTransaction(pool, async (client) => {
      if ((await client.query(LOCK, [accountId, now])).rows.length === 0) return 'kept';
      const { rows } = await client.query<{ count: number }>(REMOVE_MESSAGES, [accountId]);
      if ((rows[0]?.count ?? 0) > 0) return 'more';
      for (const statement of REMOVE_ROWS) await client.query(statement, [accountId]);
      return 'purged';
    });
    if (state !== 'more') return state === 'purged';
  }
  return false;
}

/** Accounts, then domains without any, whose `purge_after` has passed. */
export async function purgeDue(pool: Pool, now: Date, signal?: AbortSignal): Promise<void> {
  const { rows } = await pool.query<{ id: number }>(DUE, [now]);
  for (const { id } of rows) await purgeAccount(pool, id, now, signal);
  await pool.query(PURGE_DOMAINS, [now]);
}
