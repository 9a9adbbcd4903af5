/** Bans at the listener: a real list on a real database, clients from anywhere by PROXY headers. */
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import type { AccessPolicy, AccessService } from '#server/access-rules/types.ts';
import { type BanList, createBanList, withBans } from '#server/bans/create-ban-list.ts';
import { createPool } from '#server/database/pool.ts';
import { createNetworkSet } from '#server/input/network.ts';
import { logger } from '#server/logger.ts';
import { listen } from './listener.ts';
import { ServiceGate } from './service-gate.ts';
import { LineClient } from './testing/line-client.ts';
import { createTestTls } from './testing/test-tls.ts';
import type { Listener } from './types.ts';

const RULES: AccessPolicy = { decide: () => ({ allow: true, rule: null, variables: new Map() }) };

let database: TestDatabase;
let pool: Pool;
let bans: BanList;
const listeners = new Map<AccessService, Listener>();
const clients: LineClient[] = [];

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  pool = createPool({ connectionString: database.url, max: 2 });
  bans = await createBanList({ pool, listenUrl: database.url, now: () => new Date() });
  const deps = { tls: await createTestTls(), log: logger('net') };
  for (const service of ['smtp', 'submission', 'imap', 'pop3'] as const) {
    const listener = await listen(
      {
        service,
        bind: ['127.0.0.1'],
        port: 0,
        implicitTls: false,
        gate: new ServiceGate({ service, limits: { maxConnections: 100, maxPerAddress: 100 } }),
        busyLine: 'busy',
        policy: { access: withBans(RULES, bans), proxies: createNetworkSet(['127.0.0.1']) },
        handler: async (connection) => connection.write('welcome\r\n'),
      },
      deps,
    );
    listeners.set(service, listener);
  }
});
afterEach(() => {
  for (const client of clients.splice(0)) client.cut();
});
afterAll(async () => {
  for (const listener of listeners.values()) await listener.close(1_000);
  await bans.close();
  await pool.end();
  await database.drop();
});

async function greetings(address: string): Promise<Record<string, string>> {
  const heard: Record<string, string> = {};
  for (const [service, { port }] of listeners) {
    const client = await LineClient.connect(port);
    clients.push(client);
    client.send(`PROXY TCP4 ${address} 198.51.100.9 50000 25\r\n`);
    heard[service] = (await client.rest()).trim();
  }
  return heard;
}

const EVERYWHERE = { smtp: 'welcome', submission: 'welcome', imap: 'welcome', pop3: 'welcome' };

test('a banned network is closed where people sign in, without a word, and may still bring mail', async () => {
  expect(await greetings('203.0.113.9')).toEqual(EVERYWHERE);
  await pool.query(
    `INSERT INTO sign_in_ban (network, reason, automatic, since) VALUES ('203.0.113.0/24', 'x', false, now())`,
  );
  await vi.waitFor(() => expect(bans.isBanned('203.0.113.9')).toBe(true), { timeout: 10_000, interval: 5 });
  expect(await greetings('203.0.113.9')).toEqual({ smtp: 'welcome', submission: '', imap: '', pop3: '' });
  expect(await greetings('203.0.114.9')).toEqual(EVERYWHERE);
  await pool.query('UPDATE sign_in_ban SET lifted_at = now()');
  await vi.waitFor(() => expect(bans.isBanned('203.0.113.9')).toBe(false), { timeout: 10_000, interval: 5 });
  expect(await greetings('203.0.113.9')).toEqual(EVERYWHERE);
});
