import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runCheck } from '#engine/check/run-check.ts';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '#server/database/pool.ts';
import { createMailboxes } from '../mailboxes.ts';
import { runTorture } from './run.ts';

const PASSWORD = 'torture-lantern-42-harbour';
let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
});
afterAll(() => database.drop());

/** The moments are drawn from a fixed sequence, so that a failure can be run again. */
function fixedRandom(): () => number {
  let state = 42;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

test('an engine killed under load loses nothing it acknowledged and doubles nothing', async () => {
  const people = await createMailboxes(database.url, { domain: 'torture.example', count: 5, password: PASSWORD });
  const { verdict, engine } = await runTorture({
    databaseUrl: database.url,
    people,
    password: PASSWORD,
    kills: 4,
    connections: 8,
    lifeMs: [150, 900],
    random: fixedRandom(),
  });
  await engine.end('SIGTERM');
  expect(verdict.acknowledged).toBeGreaterThan(20);
  expect(verdict).toMatchObject({ lost: [], twice: [], unexpected: [] });
  const pool = createPool({ connectionString: database.url });
  expect(await runCheck(pool, { repair: false })).toEqual([]);
  await pool.end();
}, 120_000);
