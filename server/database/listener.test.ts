import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createListener, type Listener } from './listener.ts';
import { createPool } from './pool.ts';

const PING_MS = 20_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
});
afterAll(() => database.drop());

const running: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const stop of running.splice(0).reverse()) await stop();
});

/** A way to the database whose connections can fall silent without a word. */
async function openWire() {
  const { hostname, port } = new URL(database.url);
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) socket.on('error', () => undefined); // the other side is closed with it
    near.on('close', () => far.destroy()).pipe(far);
    far.on('close', () => near.destroy()).pipe(near);
    sockets.push(far);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  running.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const url = new URL(database.url);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    /** Nothing that the database says on the connections of now arrives any more. */
    silence: () => {
      for (const socket of sockets) socket.unpipe().resume();
    },
  };
}

async function listen(url: string, told: string[]): Promise<Listener> {
  const listener = await createListener({
    url,
    channel: 'mailstead_test',
    onNotify: (payload) => told.push(payload),
    onUp: () => told.push('(up)'),
    onDown: () => told.push('(down)'),
  });
  running.push(() => listener.close());
  return listener;
}

async function say(text: string): Promise<void> {
  const pool = createPool({ connectionString: database.url, max: 1 });
  await pool.query('SELECT pg_notify($1, $2)', ['mailstead_test', text]);
  await pool.end();
}

test('a connection that answers is kept', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const told: string[] = [];
  await listen((await openWire()).url, told);
  for (let pings = 0; pings < 4; pings += 1) {
    await vi.advanceTimersByTimeAsync(PING_MS);
    await say(`after ${pings}`);
    await vi.waitFor(() => expect(told.at(-1)).toBe(`after ${pings}`));
  }
  expect(told).toEqual(['(up)', 'after 0', 'after 1', 'after 2', 'after 3']);
});

test('one that fell silent is given up at the second ping, and another is opened', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const told: string[] = [];
  const wire = await openWire();
  await listen(wire.url, told);
  wire.silence();
  await say('lost');
  await vi.advanceTimersByTimeAsync(PING_MS);
  expect(told).toEqual(['(up)']);
  await vi.advanceTimersByTimeAsync(PING_MS);
  await vi.waitFor(() => expect(told).toEqual(['(up)', '(down)', '(up)']));
  await say('heard');
  await vi.waitFor(() => expect(told.at(-1)).toBe('heard'));
});
