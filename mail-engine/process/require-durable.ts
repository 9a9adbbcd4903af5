/**
 * 250 means "on disk", so the engine does not serve on a PostgreSQL that would say COMMIT earlier: one without fsync or full_page_writes, or
 * connections of ours that commit without waiting for the log (by the server's, the database's or the URL's setting).
 */
import type { Pool } from 'pg';

const UNSAFE: Readonly<Record<string, string>> = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
const READ = 'SELECT name, setting FROM pg_settings WHERE name = ANY($1::text[]) ORDER BY name';

/** Throws with the names of the settings that are off. */
export async function requireDurable(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; setting: string }>(READ, [Object.keys(UNSAFE)]);
  const unsafe = rows.filter(({ name, setting }) => setting === UNSAFE[name]).map(({ name }) => name);
  if (unsafe.length === 0) return;
  throw new Error(
    `PostgreSQL would lose mail that was acknowledged: ${unsafe.join(' and ')} must not be off (docs/durability.md)`,
  );
}
