/**
 * Trace by day (UTC): makes partitions for today and a week ahead, and drops whole those that are older than `keepDays` and than every
 * message in the queue: delivery asks the trace who had a copy when the message was taken in, however long it was held.
 *
 * - Intake writes to `trace` in every batch, and would wait behind whoever waits here. So nothing here waits longer than `PATIENCE_MS`:
 *   where somebody reads on (a dump, say), the rest is left to the next turn, and a week of partitions is there meanwhile.
 * - A partition is attached, which lets others read and write `trace` but for the default partition. A drop takes all of it for itself.
 *   (DETACH CONCURRENTLY is not to be had beside a default partition.)
 * - Rows that landed in the default partition because no engine ran keep it from being split for their day; they are deleted by age.
 */
import { DatabaseError, type Pool } from 'pg';
import { inTransaction } from '#server/database/pool-transaction.ts';

const LIST = `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'trace'::regclass AND c.relname ~ '^trace_[0-9]{8}$'`;
const OLDEST_QUEUED = 'SELECT min(created_at) AS at FROM queue_message';
const DELETE_OLD = 'DELETE FROM trace_default WHERE at < $1';
/** Already there (another engine was first), or the default partition has rows of the day. */
const EXPECTED = new Set(['42P07', '23514']);
const LOCK_NOT_AVAILABLE = '55P03';
/** More than `deadlock_timeout`, after which PostgreSQL sends a vacuum of its own away. */
const PATIENCE_MS = 1_500;
const DAYS_AHEAD = 7;
const DAY_MS = 86_400_000;

function isOneOf(codes: ReadonlySet<string>, error: unknown): boolean {
  return error instanceof DatabaseError && codes.has(error.code ?? '');
}

function dayName(day: Date): string {
  return `trace_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

async function change(pool: Pool, statements: readonly string[]): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`SET LOCAL lock_timeout = ${PATIENCE_MS}`);
    for (const statement of statements) await client.query(statement);
  });
}

async function createPartition(pool: Pool, day: Date): Promise<void> {
  const name = dayName(day);
  const from = day.toISOString().slice(0, 10);
  const to = new Date(day.getTime() + DAY_MS).toISOString().slice(0, 10);
  try {
    await change(pool, [
      'LOCK TABLE ONLY trace IN SHARE UPDATE EXCLUSIVE MODE', // one engine at a time
      `CREATE TABLE ${name} (LIKE trace INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`,
      `ALTER TABLE trace ATTACH PARTITION ${name} FOR VALUES FROM ('${from} 00:00:00+00') TO ('${to} 00:00:00+00')`,
    ]);
  } catch (error) {
    if (!isOneOf(EXPECTED, error)) throw error;
  }
}

async function findKeptSince(pool: Pool, now: Date, keepDays: number): Promise<Date> {
  const { rows } = await pool.query<{ at: Date | null }>(OLDEST_QUEUED);
  const byAge = now.getTime() - keepDays * DAY_MS;
  return new Date(Math.min(byAge, rows[0]?.at?.getTime() ?? byAge));
}

async function maintain(pool: Pool, now: Date, keepDays: number): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(LIST);
  const names = new Set(rows.map(({ name }) => name));
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    const day = new Date(now.getTime() + ahead * DAY_MS);
    if (!names.has(dayName(day))) await createPartition(pool, day);
  }
  const keptSince = await findKeptSince(pool, now, keepDays);
  for (const name of names) if (name < dayName(keptSince)) await change(pool, [`DROP TABLE IF EXISTS ${name}`]);
  await pool.query(DELETE_OLD, [keptSince]);
}

/** False where somebody held the table: what is left is for the next turn. */
export async function maintainTracePartitions(pool: Pool, now: Date, keepDays: number): Promise<boolean> {
  try {
    await maintain(pool, now, keepDays);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}
