/** A planned stop of the real engine while deliveries are under way. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { deliver, openTestStore, type TestStore } from '#engine/store/testing/open-test-store.ts';
import { startDnsServer, type TestDnsServer } from '#engine/testing/dns-server.ts';
import { startEngineProcess } from '#engine/testing/engine-process.ts';
import { type ScriptedMx, startScriptedMx } from '#engine/testing/scripted-mx.ts';

let store: TestStore;
let dns: TestDnsServer;
let server: ScriptedMx;

beforeAll(async () => {
  store = await openTestStore(inject('clusterUrl'));
  await store.pool.query(
    `INSERT INTO setting (key, value, updated_by) VALUES ('queue.allowPrivateDestinations', 'true', 'test')`,
  );
  dns = await startDnsServer();
  dns.zone['there.test'] = { A: ['127.0.0.1'] };
  server = await startScriptedMx({
    reply: (line) => (line.startsWith('RCPT TO:<late@') || line === '(message)' ? 'hang' : undefined),
  });
});
afterAll(async () => {
  await server.close();
  await dns.close();
  await store.close();
});

test('waits for the reply to a message that is out, cuts one that is not, and leaves nothing leased', async () => {
  for (const name of ['out', 'late']) {
    const to = { kind: 'remote', address: `${name}@there.test`, destination: 'there.test' } as const;
    await deliver(store.intake, [to], 'Subject: x\r\n\r\nx\r\n', { sender: 'ann@own.test', ref: name });
  }
  const engine = await startEngineProcess({
    databaseUrl: store.url,
    env: { MAILSTEAD_DNS_SERVERS: dns.server, MAILSTEAD_REMOTE_SMTP_PORT: String(server.port) },
  });
  await Promise.all([server.saw('(message)'), server.saw('RCPT TO:<late@')]);
  const ended = engine.end('SIGTERM');
  await expect.poll(() => server.open).toBe(1);
  server.say('250 2.0.0 taken');
  await ended;
  const { rows } = await store.pool.query('SELECT recipient, state::text FROM queue_entry');
  expect(rows).toEqual([{ recipient: 'late@there.test', state: 'waiting' }]);
});
