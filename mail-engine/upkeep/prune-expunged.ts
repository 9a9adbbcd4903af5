/**
 * Forgets removals older than `keepMs`. The folder remembers up to which modseq, in the same transaction, so that a client that
 * comes back with an older one is told of every uid that is not there. The account's lock is taken as by any change of its mail.
 * `signal` ends it between two accounts.
 */
import type { Pool } from 'pg';
import { inTransaction } from '#server/database/pool-transaction.ts';

const ACCOUNTS = `SELECT DISTINCT account_id AS "accountId" FROM expunged WHERE at < now() - make_interval(secs => $1) LIMIT 1000`;
const LOCK = 'SELECT 1 FROM account_usage WHERE account_id = $1 FOR NO KEY UPDATE';
const PRUNE = `WITH gone AS (
    DELETE FROM expunged WHERE account_id = $1 AND at < now() - make_interval(secs => $2) RETURNING folder_id, modseq),
  reached AS (SELECT folder_id, max(modseq) AS modseq FROM gone GROUP BY folder_id)
  UPDATE folder f SET pruned_modseq = greatest(f.pruned_modseq, r.modseq) FROM reached r
  WHERE f.account_id = $1 AND f.id = r.folder_id`;

export async function pruneExpunged(pool: Pool, keepMs: number, signal?: AbortSignal): Promise<void> {
  const { rows } = await pool.query<{ accountId: number }>(ACCOUNTS, [keepMs / 1000]);
  for (const { accountId } of rows) {
    if (signal?.aborted) return;
    await inTransaction(pool, async (client) => {
      await client.query(LOCK, [accountId]);
      await client.query(PRUNE, [accountId, keepMs / 1000]);
    });
  }
}
