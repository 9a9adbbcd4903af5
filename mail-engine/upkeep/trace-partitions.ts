/**
 * Trace by day (UTC): makes today's and tomorrow's partitions before rows come, and drops those older than `keepDays` whole. Rows that
 * landed in the default partition because no engine ran keep it from being split for their day; they are deleted by age.
 */
import { DatabaseError, type Pool } from 'pg';

const LIST = `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'trace'::regclass AND c.relname ~ '^trace_[0-9]{8}$'`;
const DELETE_OLD = 'DELETE FROM trace_default WHERE at < now() - make_interval(days => $1)';
/** Already there (another engine was first), or the default partition has rows of the day. */
const EXPECTED = new Set(['42P07', '23514']);
const DAY_MS = 86_400_000;

function dayName(day: Date): string {
  return `trace_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

async function createPartition(pool: Pool, day: Date): Promise<void> {
  const from = day.toISOString().slice(0, 10);
  const to = new Date(day.getTime() + DAY_MS).toISOString().slice(0, 10);
  try {
    await pool.query(
      `CREATE TABLE ${dayName(day)} PARTITION OF trace FOR VALUES FROM ('${from} 00:00:00+00') TO ('${to} 00:00:00+00')`,
    );
  } catch (error) {
    if (!(error instanceof DatabaseError && EXPECTED.has(error.code ?? ''))) throw error;
  }
}

export async function maintainTracePartitions(pool: Pool, now: Date, keepDays: number): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(LIST);
  const names = new Set(rows.map(({ name }) => name));
  for (const day of [now, new Date(now.getTime() + DAY_MS)]) {
    if (!names.has(dayName(day))) await createPartition(pool, day);
  }
  const oldest = dayName(new Date(now.getTime() - keepDays * DAY_MS));
  for (const name of names) if (name < oldest) await pool.query(`DROP TABLE ${name}`);
  await pool.query(DELETE_OLD, [keepDays]);
}
