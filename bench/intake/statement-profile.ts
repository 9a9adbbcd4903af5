/** What PostgreSQL's statements cost while a subject was measured, by `pg_stat_statements`, which is loaded for a profile only. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';

export const PROFILE_SETTINGS: Readonly<Record<string, string>> = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'all',
  'pg_stat_statements.track_planning': 'on',
};

const SHOWN = 20;
const READ = `SELECT calls, round((total_plan_time + total_exec_time)::numeric, 1) AS "totalMs",
    round(((total_plan_time + total_exec_time) / greatest(calls, 1))::numeric, 3) AS "meanMs", rows, wal_bytes AS "walBytes",
    shared_blks_dirtied AS "blocksDirtied", left(regexp_replace(query, '\\s+', ' ', 'g'), 100) AS query
  FROM pg_stat_statements ORDER BY total_plan_time + total_exec_time DESC LIMIT ${SHOWN}`;

export async function beginStatementProfile(client: Client): Promise<void> {
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  await client.query('SELECT pg_stat_statements_reset()');
}

/** Writes `statements.json` into `dir`: the dearest first, times in ms. */
export async function writeStatementProfile(client: Client, dir: string): Promise<void> {
  const { rows } = await client.query(READ);
  await writeFile(join(dir, 'statements.json'), `${JSON.stringify(rows, null, 2)}\n`);
}
