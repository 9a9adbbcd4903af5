import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrate } from './migrate.ts';
import { cloneDatabase, type TestDatabase } from './testing/clone-database.ts';

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test('a migrated database has nothing left to apply', async () => {
  expect(await migrate(database.url)).toEqual([]);
});

test('a migration whose file changed after it was applied is refused by name', async () => {
  await client.query(`UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name LIKE '%_queue'`);
  await expect(migrate(database.url)).rejects.toThrow(/_queue was changed/);
});
