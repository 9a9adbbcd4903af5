import type { Pool } from 'pg';
import { afterEach, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '#server/database/pool.ts';
import { requireDurable } from './require-durable.ts';

let database: TestDatabase | undefined;
let pool: Pool | undefined;
afterEach(async () => {
  await pool?.end();
  await database?.drop();
});

async function open(options?: string): Promise<{ pool: Pool; url: string }> {
  database = await cloneDatabase(inject('clusterUrl'));
  pool = createPool({ connectionString: database.url, max: 2, ...(options && { options }) });
  return { pool, url: database.url };
}

test('a server as it comes, and as ours is started, is durable', async () => {
  await expect(requireDurable((await open()).pool)).resolves.toBeUndefined();
});

test('connections that do not wait for the log are refused', async () => {
  const opened = await open('-c synchronous_commit=off');
  await expect(requireDurable(opened.pool)).rejects.toThrow('synchronous_commit must not be off');
});

test('a database that is set not to wait for the log is refused', async () => {
  const opened = await open();
  const { rows } = await opened.pool.query<{ name: string }>('SELECT current_database() AS name');
  await opened.pool.query(`ALTER DATABASE ${rows[0]?.name} SET synchronous_commit = off`);
  const later = createPool({ connectionString: opened.url, max: 1 });
  await expect(requireDurable(later)).rejects.toThrow('synchronous_commit must not be off');
  await later.end();
});
