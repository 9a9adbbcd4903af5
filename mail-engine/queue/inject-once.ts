/**
 * Runs an injection into intake at most once per ref, over crashes and any number of nodes.
 *
 * Intake writes trace events under the envelope's ref in the transaction that stores the message. So a ref seen in `trace` is a
 * message that was injected; one not seen was not. Between looking and injecting, an advisory lock on the ref keeps others out; it
 * belongs to a transaction held open meanwhile, so it ends with this process whatever becomes of it.
 *
 * That transaction holds no table: whoever wants `trace` for himself would wait for it, the injection behind him, and it for the injection.
 */
import type { Pool } from 'pg';
import { inTransaction } from '#server/database/pool-transaction.ts';

/** False where an earlier call had already done it. It and `inject` use other connections of the pool: at most two at a time. */
export async function injectOnce(pool: Pool, ref: string, inject: () => Promise<void>): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [ref]);
    const { rowCount } = await pool.query('SELECT FROM trace WHERE ref = $1 LIMIT 1', [ref]);
    if (rowCount !== 0) return false;
    await inject();
    return true;
  });
}

/** True where the message of this ref was put into a folder of the account when it was taken in. */
export async function wasStored(pool: Pool, ref: string, accountId: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT FROM trace WHERE ref = $1 AND kind = 'stored' AND account_id = $2 LIMIT 1`,
    [ref, accountId],
  );
  return rowCount !== 0;
}
