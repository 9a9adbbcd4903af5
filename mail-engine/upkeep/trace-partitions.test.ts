import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { injectOnce } from '#engine/queue/inject-once.ts';
import { deliver, openTestStore, type TestStore } from '#engine/store/testing/open-test-store.ts';
import { maintainTracePartitions } from './trace-partitions.ts';

const DAY_MS = 86_400_000;
/** Today and a week ahead. */
const DAYS = 8;
const KEEP_DAYS = 30;
const MESSAGE = 'Subject: x\r\n\r\nbody\r\n';

let t: TestStore;
let account: { accountId: number; domainId: number };
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
  account = await t.createAccount('trace@upkeep.example');
});
afterAll(() => t.close());

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);
const nameOf = (day: Date) => `trace_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
const take = (ref: string) =>
  deliver(t.intake, [{ kind: 'local', ...account, address: 'trace@upkeep.example' }], MESSAGE, { ref });

async function partitions(): Promise<string[]> {
  const { rows } = await t.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relname ~ '^trace_[0-9]{8}$' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Reads all of it in one transaction, as a dump does. */
async function openReader(): Promise<() => Promise<void>> {
  const reader = await t.pool.connect();
  await reader.query('BEGIN');
  await reader.query('LOCK TABLE trace IN ACCESS SHARE MODE');
  return async () => {
    await reader.query('COMMIT');
    reader.release();
  };
}

/** One test after the other: each leaves the partitions to the next. */
test('two engines at once make a partition for the day and a week ahead; old days go whole', async () => {
  await maintainTracePartitions(t.pool, daysAgo(40), 60);
  await Promise.all([1, 2].map(() => maintainTracePartitions(t.pool, new Date(), 60)));
  expect(await partitions()).toHaveLength(2 * DAYS);
  await take('c0ffee');
  const { rows } = await t.pool.query(`SELECT kind, recipient FROM ${nameOf(new Date())} WHERE ref = 'c0ffee'`);
  expect(rows).toEqual([{ kind: 'stored', recipient: 'trace@upkeep.example' }]);
  expect(await maintainTracePartitions(t.pool, new Date(), KEEP_DAYS)).toBe(true);
  expect(await partitions()).toHaveLength(DAYS);
});

test('whoever reads the trace on and on stops no mail: partitions wait for the next turn', async () => {
  const tomorrow = new Date(Date.now() + DAY_MS);
  const endReading = await openReader();
  expect(await maintainTracePartitions(t.pool, tomorrow, KEEP_DAYS)).toBe(false);
  expect(await take('read-on')).toMatchObject({ stored: 1 });
  await endReading();
  expect(await maintainTracePartitions(t.pool, tomorrow, KEEP_DAYS)).toBe(true);
  expect(await partitions()).toHaveLength(DAYS + 1);
});

test('nor does it stop mail where days are to be dropped', async () => {
  await maintainTracePartitions(t.pool, daysAgo(60), 90);
  const all = await partitions();
  const endReading = await openReader();
  const maintained = maintainTracePartitions(t.pool, new Date(), KEEP_DAYS);
  expect(await take('drop')).toMatchObject({ stored: 1 });
  expect(await maintained).toBe(false);
  expect(await partitions()).toEqual(all);
  await endReading();
  expect(await maintainTracePartitions(t.pool, new Date(), KEEP_DAYS)).toBe(true);
  expect(await partitions()).toHaveLength(DAYS + 1);
});

test('a day is kept as long as a message of that day or before it is in the queue', async () => {
  await maintainTracePartitions(t.pool, daysAgo(70), 90);
  await t.pool.query(
    `INSERT INTO trace (at, kind, ref) VALUES (now() - interval '100 days', 'stored', 'before any partition')`,
  );
  const { queued } = await deliver(
    t.intake,
    [{ kind: 'remote', address: 'x@far.example', destination: 'far.example' }],
    MESSAGE,
  );
  expect(queued).toBe(1);
  await t.pool.query(`UPDATE queue_message SET created_at = $1`, [daysAgo(66)]);
  await maintainTracePartitions(t.pool, new Date(), KEEP_DAYS);
  const kept = (await partitions()).filter((name) => name < nameOf(daysAgo(KEEP_DAYS)));
  expect(kept).toEqual([66, 65, 64, 63].map((days) => nameOf(daysAgo(days))));
  await t.pool.query('DELETE FROM queue_message');
  await maintainTracePartitions(t.pool, new Date(), KEEP_DAYS);
  expect((await partitions()).filter((name) => name < nameOf(daysAgo(KEEP_DAYS)))).toEqual([]);
  expect((await t.pool.query('SELECT FROM trace_default')).rowCount).toBe(0);
});

test('days are seen to while something is injected once, and it comes through', async () => {
  const later = new Date(Date.now() + 2 * DAY_MS);
  const injected = await injectOnce(t.pool, 'once', async () => {
    expect(await maintainTracePartitions(t.pool, later, KEEP_DAYS)).toBe(true);
    await take('once');
  });
  expect(injected).toBe(true);
  expect(await injectOnce(t.pool, 'once', () => Promise.reject(new Error('a second time')))).toBe(false);
});
