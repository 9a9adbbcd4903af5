import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { deliver, openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { createExchanger, isRefusal, type Step, step } from './exchange.ts';

let t: TestStore;
let client: PoolClient;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
  client = await t.pool.connect();
});
afterAll(async () => {
  client.release();
  await t.close();
});

const NUMBERS = [0, 1, -1, 2 ** 31, 2 ** 53 - 1, -(2 ** 40) - 5, null];
const TEXTS = ['', 'a', 'ä€😀', 'with\0nul', null, 'x'.repeat(70_000)];

test('every kind of value arrives as it was written, large byte strings by reference, again and again', async () => {
  const exchanger = createExchanger();
  const bytes = [Buffer.alloc(0), randomBytes(5), randomBytes(2047), randomBytes(2048), null, randomBytes(300_000)];
  const dates = [new Date('2026-11-23T08:00:00.123Z'), new Date(0), null];
  const everything: Step = {
    statement: {
      name: 'everything',
      text: `SELECT $1::bigint[]::text[], $2::text[]::text, array(SELECT encode(b, 'hex') FROM unnest($3::bytea[]) AS b)::text,
        $4::bool[]::text, $5::smallint[]::text, $6::int[]::text,
        array(SELECT (extract(epoch FROM d) * 1000)::bigint FROM unnest($7::timestamptz[]) AS d)::text`,
    },
    parameters: 7,
    bind: (to) => {
      to.int8s(NUMBERS, (value) => value);
      to.texts(TEXTS, (value) => value);
      to.byteas(bytes, (value) => value);
      to.bools([true, false, null], (value) => value);
      to.int2s([-32768, 7, null], (value) => value);
      to.int4s([-(2 ** 31), 2 ** 31 - 1, null], (value) => value);
      to.timestamps(dates, (value) => value);
    },
  };
  for (let round = 0; round < 3; round++) {
    const [row, none] = await exchanger.run(client, [everything, step('nothing', 'SELECT 1 WHERE false')]);
    expect(none).toEqual([]);
    const [numbers, texts, hex, ...others] = row![0]!;
    expect(numbers).toBe(`{${NUMBERS.map((value) => value ?? 'NULL').join(',')}}`);
    expect(texts).toBe(`{"",a,ä€😀,withnul,NULL,${'x'.repeat(70_000)}}`);
    expect(hex).toBe(
      `{"",${bytes
        .slice(1)
        .map((value) => value?.toString('hex') ?? 'NULL')
        .join(',')}}`,
    );
    expect(others).toEqual([
      '{t,f,NULL}',
      '{-32768,7,NULL}',
      '{-2147483648,2147483647,NULL}',
      '{1795420800123,0,NULL}',
    ]);
  }
});

test('a step that PostgreSQL refuses undoes those before it, and the connection goes on', async () => {
  const exchanger = createExchanger();
  await t.pool.query('CREATE TABLE trial (n int PRIMARY KEY)');
  const insert = step('trial-insert', 'INSERT INTO trial VALUES (1)');
  const failed = exchanger.run(client, [insert, step('trial-fail', 'SELECT 1 / 0')]);
  await expect(failed).rejects.toSatisfy(isRefusal);
  expect((await t.pool.query('SELECT 1 FROM trial')).rowCount).toBe(0);
  await exchanger.run(client, [insert]);
  expect((await t.pool.query('SELECT 1 FROM trial')).rowCount).toBe(1);
});

test('what PostgreSQL refused is told by its code, in whatever language it speaks', async () => {
  const failed = createExchanger().run(client, [step('language-fail', 'SELECT 1 / 0')]);
  const error: unknown = await failed.catch((reason: unknown) =>
    Object.assign(reason as Error, { severity: 'FEHLER' }),
  );
  expect(isRefusal(error)).toBe(true);
});

const SPOKEN: [string, boolean][] = [
  ['23505', true], // unique_violation
  ['55P03', true], // lock_not_available
  ['57014', true], // query_canceled
  ['P0001', true], // raise_exception
  ['08006', false], // connection_failure
  ['25P04', false], // transaction_timeout ends the session
  ['53100', false], // disk_full: of the log, it ends the server
  ['57P01', false], // admin_shutdown
  ['58030', false], // io_error
  ['XX000', false], // internal_error
];

test.each(SPOKEN)('that %s leaves the transaction undone for certain: %s', async (code, certain) => {
  const raise = step(`raise-${code}`, `DO $$ BEGIN RAISE 'x' USING ERRCODE = '${code}'; END $$`);
  const error: unknown = await createExchanger()
    .run(client, [raise])
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code });
  expect(isRefusal(error)).toBe(certain);
});

test('an error of the socket is no refusal, though its code may look like one', () => {
  expect(isRefusal(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toBe(false);
});

function bytesSent(): number {
  return (client.connection.stream as Socket).bytesWritten;
}

test('two round trips begun together are sent at once, answered in turn, and fail alone', async () => {
  const exchanger = createExchanger();
  await t.pool.query('CREATE TABLE turns (n int PRIMARY KEY)');
  const insert = step('turns-insert', 'INSERT INTO turns VALUES (1)');
  const first = exchanger.run(client, [step('turns-wait', 'SELECT pg_sleep(0.1)')]);
  const before = bytesSent();
  const second = exchanger.run(client, [insert, step('turns-fail', 'SELECT 1 / 0')]);
  expect(bytesSent()).toBeGreaterThan(before);
  expect(await first).toEqual([[['']]]);
  const third = exchanger.run(client, [insert]);
  await expect(second).rejects.toSatisfy(isRefusal);
  await third;
  expect(await exchanger.run(client, [step('turns-count', 'SELECT count(*) FROM turns')])).toEqual([[['1']]]);
});

test('where the connection is lost, what was sent behind fails too, and not as refused', async () => {
  const exchanger = createExchanger();
  const lost = await t.pool.connect();
  const { rows } = await lost.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const trips = [1, 2].map((n) => exchanger.run(lost, [step(`lost-${n}`, `SELECT pg_sleep(10), ${n}`)]));
  const results = Promise.allSettled(trips);
  await t.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  const reasons = (await results).map((result) => (result.status === 'rejected' ? result.reason : undefined));
  expect(reasons.map((reason) => reason instanceof Error && !isRefusal(reason))).toEqual([true, true]);
  lost.release(true);
});

test('where no answer comes in time the connection is closed, which is not a refusal', async () => {
  const exchanger = createExchanger(50);
  const silent = await t.pool.connect();
  const { rows } = await silent.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await exchanger.run(silent, [step('silent-1', 'SELECT 1')]);
  const trips = [1, 2].map((n) => exchanger.run(silent, [step(`silent-sleep-${n}`, `SELECT pg_sleep(3600), ${n}`)]));
  const reasons = (await Promise.allSettled(trips)).map((result) =>
    result.status === 'rejected' ? result.reason : undefined,
  );
  expect(reasons.map((reason) => reason instanceof Error && !isRefusal(reason))).toEqual([true, true]);
  silent.release(true);
  await t.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
});

test('neither bytes nor a folder can go from under a message, and bytes take their chunks with them', async () => {
  const account = await t.createAccount('kept@exchange.example');
  const { blobId } = await deliver(
    t.intake,
    [{ kind: 'local', ...account, address: 'kept@exchange.example' }],
    'Subject: kept\r\n\r\nx\r\n',
  );
  await expect(t.pool.query('DELETE FROM blob WHERE id = $1', [blobId])).rejects.toMatchObject({ code: '23503' });
  await expect(t.pool.query('DELETE FROM folder WHERE account_id = $1', [account.accountId])).rejects.toMatchObject({
    code: '23503',
  });
  const inbox = (await t.store.findFolder(account.accountId, 'INBOX'))!;
  await t.store.transact(account.accountId, (tx) => tx.expunge(inbox.id, [1], false));
  await t.pool.query('DELETE FROM blob WHERE id = $1', [blobId]);
  expect((await t.pool.query('SELECT 1 FROM blob_chunk WHERE blob_id = $1', [blobId])).rowCount).toBe(0);
});
