/** The database goes away while a delivery is under way: whom the next server has served is not served again. */
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type ScriptedMx, type ScriptedMxOptions, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import { openTestQueue, type TestQueue } from './testing/open-test-queue.ts';

const MINUTE = 60_000;

interface SeverablePool {
  pool: Pool;
  away: boolean;
  /** How often a connection of one's own, as a transaction needs it, was asked for while it was away. */
  refused: number;
}

let queue: TestQueue;
let server: ScriptedMx;
const running: (() => Promise<void>)[] = [];

beforeAll(async () => {
  queue = await openTestQueue(inject('clusterUrl'));
});
afterAll(() => queue.close());
beforeEach(async () => {
  await queue.reset();
  queue.zone['there.test'] = { A: ['127.0.0.1'] };
});
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

function severable(pool: Pool): SeverablePool {
  const refuse = async () => {
    throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
  };
  const get = (target: Pool, name: string) => {
    if (database.away && name === 'connect') database.refused += 1;
    if (database.away && (name === 'connect' || name === 'query')) return refuse;
    const value: unknown = Reflect.get(target, name);
    return typeof value === 'function' ? value.bind(target) : value;
  };
  const database: SeverablePool = { pool: new Proxy(pool, { get }), away: false, refused: 0 };
  return database;
}

/** A mail server, and a runner that dials its port and whose database can go away. */
async function start(database: SeverablePool, options: ScriptedMxOptions) {
  server = await startScriptedMx(options);
  running.push(() => server.close());
  return queue.runner({ remotePort: server.port, pool: database.pool });
}

/** Lets time pass until the runner has asked for a connection so often in vain. */
function waitForRefusals(database: SeverablePool, count: number, stepMs: number): Promise<void> {
  const pass = () => {
    queue.clock.advance(stepMs);
    return database.refused;
  };
  return expect.poll(pass).toBeGreaterThanOrEqual(count);
}

/** Lets time pass until the entries are such. */
function waitForStates(expected: readonly string[], stepMs: number): Promise<void> {
  const pass = () => {
    queue.clock.advance(stepMs);
    return states();
  };
  return expect.poll(pass).toEqual(expected);
}

const states = async () =>
  (await queue.entries()).map(({ recipient, state, attempts }) => `${recipient} ${state} ${attempts}`);

test('between two transactions: only who was not served is tried again', async () => {
  const database = severable(queue.pool);
  const runner = await start(database, {
    extensions: ['PIPELINING', 'LIMITS RCPTMAX=2'],
    reply: (line) => {
      if (line === '(message)' && server.messages.length === 0) database.away = true;
      return undefined;
    },
  });
  await queue.submit({ sender: 'ann@own.test', to: ['a@there.test', 'b@there.test', 'c@there.test'] });
  await runner.start();
  await waitForRefusals(database, 2, 1_000);
  database.away = false;
  await waitForStates(['c@there.test waiting 1'], 1_000);
  await waitForStates([], MINUTE);
  await runner.close(0);
  expect(server.messages.flatMap(({ rcpts }) => rcpts)).toEqual(
    ['a', 'b', 'c'].map((name) => `RCPT TO:<${name}@there.test>`),
  );
});

test('behind the 250, for as long as it likes: the outcome is kept in hand until it can be written', async () => {
  const database = severable(queue.pool);
  const runner = await start(database, {
    reply: (line) => {
      if (line === '(message)') database.away = true;
      return undefined;
    },
  });
  const ref = await queue.submit({ sender: 'ann@own.test', to: ['bob@there.test'] });
  await runner.start();
  await waitForRefusals(database, 30, MINUTE);
  database.away = false;
  await waitForStates([], MINUTE);
  await runner.close(0);
  expect(await queue.trace(ref)).toEqual(['queued', 'delivered']);
  expect(server.messages).toHaveLength(1);
});

test('what the database refuses for good is not tried again and again, and keeps no place in the queue', async () => {
  const runner = await start(severable(queue.pool), { reply: (line) => (line === 'DATA' ? '450 later' : undefined) });
  await queue.submit({ sender: 'ann@own.test', to: ['bob@there.test'] });
  await queue.pool.query(`ALTER TABLE trace ADD CONSTRAINT no_deferral CHECK (kind <> 'deferred') NOT VALID`);
  await runner.runDue();
  await queue.pool.query('ALTER TABLE trace DROP CONSTRAINT no_deferral');
  expect(await states()).toEqual(['bob@there.test leased 1']);
  expect(runner.stats().active).toBe(0);
});
