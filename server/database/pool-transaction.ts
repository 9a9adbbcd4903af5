/** Transactions for hand-written SQL on a pool; for Prisma see `transaction.ts`. */
import type { Pool, PoolClient } from 'pg';

/** Commits what `run` did, or rolls it back and throws what it threw. A connection that cannot even roll back is dropped. */
export async function inTransaction<Result>(pool: Pool, run: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await run(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
