import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createIntake } from '#engine/intake/create-intake.ts';
import { createPool } from '#server/database/pool.ts';
import { deliver, openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { createCommitter } from './committer.ts';
import { createIdSource } from './id-source.ts';

let t: TestStore;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
});
afterAll(() => t.close());

/** Leads to the database. What is on a frozen connection gets nowhere and nobody is told, as when a machine loses its power. */
async function openRoute(databaseUrl: string) {
  const url = new URL(databaseUrl);
  const port = Number(url.port);
  const open = new Set<Socket>();
  const frozen = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, url.hostname);
    open.add(near);
    near.on('data', (data) => frozen.has(near) || far.write(data));
    far.on('data', (data) => frozen.has(near) || near.write(data));
    far.on('close', () => frozen.has(near) || near.destroy());
    near.on('close', () => far.destroy());
    for (const socket of [near, far]) socket.on('error', () => undefined); // told by `close`
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    freeze: () => {
      for (const socket of open) frozen.add(socket);
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('mail is taken again after the database vanished without a word and came back, each message once', async () => {
  const account = await t.createAccount('ann@vanished.example');
  const route = await openRoute(t.url);
  const pool = createPool({ connectionString: route.url, max: 4 });
  const committer = createCommitter({
    pool,
    blobIds: createIdSource(t.pool, 'blob_id_seq'),
    queueIds: createIdSource(t.pool, 'queue_message_id_seq'),
    publish: () => undefined,
    onError: () => undefined,
    answerMs: 500,
  });
  const intake = createIntake({ store: { ...t.store, committer } });
  const send = () =>
    deliver(intake, [{ kind: 'local', ...account, address: 'ann@vanished.example' }], 'Subject: x\r\n\r\nbody\r\n');
  await Promise.all([1, 2].map(() => pool.query('SELECT pg_sleep(0.05)'))); // two connections, both idle then
  expect(await send()).toMatchObject({ stored: 1 });
  route.freeze();
  expect(await send()).toMatchObject({ stored: 1 });
  expect((await t.pool.query('SELECT FROM message WHERE account_id = $1', [account.accountId])).rowCount).toBe(2);
  await committer.close();
  await route.close();
  await pool.end();
});
