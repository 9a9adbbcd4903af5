import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import type { AccessPolicy } from '../access-rules/types.ts';
import { bucketsOf, isBlocked, recordFailure } from '../auth/throttle.ts';
import { createPool } from '../database/pool.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { outcomeOf } from '../testing/refusal.ts';
import { contextOf } from '../testing/tenants.ts';
import { allowNetwork } from './allow-network.ts';
import { createBan } from './create-ban.ts';
import { type BanList, createBanList, withBans } from './create-ban-list.ts';
import { disallowNetworks } from './disallow-networks.ts';
import { liftBans } from './lift-bans.ts';
import { listAllowed } from './list-allowed.ts';
import { listBans } from './list-bans.ts';
import { createNetworkTable } from './network-table.ts';
import { restoreBans } from './restore-bans.ts';

let database: TestDatabase;
let db: PrismaClient;
let pool: Pool;
let list: BanList;
let clock: ManualClock;

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  pool = createPool({ connectionString: database.url, max: 2 });
});
afterAll(async () => {
  await list.close();
  await pool.end();
  await db.$disconnect();
  await database.drop();
});
beforeEach(async () => {
  await db.signInBan.deleteMany();
  await db.allowedNetwork.deleteMany();
  await db.loginFailure.deleteMany();
  clock = createManualClock();
  await list?.close();
  list = await createBanList({ pool, listenUrl: database.url, now: clock.now });
});

const admin = (ip?: string) => ({
  ...contextOf(db, { kind: 'system', label: 'admin@host.test' }, clock.now),
  ...(ip !== undefined && { ip }),
});
const isBlockedAt = (peer: string) => isBlocked(db, bucketsOf('ann@bans.test', peer), clock.now());
const networks = async () => (await listBans(admin(), {})).rows.map(({ network }) => network);

describe('a ban by hand', () => {
  test('holds for the network it means, however it was written, until its time is over', async () => {
    const ban = await createBan(admin(), { network: '203.0.113.77/24', reason: 'abuse', minutes: 60 });
    expect(ban).toMatchObject({ network: '203.0.113.0/24', bannedBy: 'admin@host.test', automatic: false });
    expect([await isBlockedAt('203.0.113.1'), await isBlockedAt('203.0.114.1')]).toEqual([true, false]);
    clock.advance(60 * 60_000);
    expect([await isBlockedAt('203.0.113.1'), await networks()]).toEqual([false, []]);
  });

  test('made again, has the new time and reason', async () => {
    await createBan(admin(), { network: '203.0.113.7', reason: 'first', minutes: 1 });
    await createBan(admin(), { network: '203.0.113.7/32', reason: 'second', minutes: null });
    const { rows } = await listBans(admin(), {});
    expect(rows).toMatchObject([{ network: '203.0.113.7', reason: 'second', until: null }]);
  });

  test.each(['0.0.0.0/0', '10.0.0.0/7', '::/0', '2000::/15', 'example.org', '203.0.113.0/33'])(
    'of %s is refused on the field',
    async (network) => {
      await expect(createBan(admin(), { network, minutes: 1 })).rejects.toMatchObject({
        code: 'invalid',
        fields: { network: expect.any(String) },
      });
    },
  );

  test.each(['198.51.100.9', '::ffff:198.51.100.9'])(
    'that would lock out who makes it, from %s, is refused',
    async (ip) => {
      const ban = createBan(admin(ip), { network: '198.51.100.0/24', minutes: 1 });
      expect(await outcomeOf(ban)).toBe('conflict');
    },
  );
});

test.each(['127.0.0.1', '127.0.0.0/8', '::1', '::/16'])('a ban of the host itself, %s, is refused', async (network) => {
  expect(await outcomeOf(createBan(admin(), { network, minutes: 1 }))).toBe('conflict');
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:0:1::7', '2001:db8:0:1::/64'],
])('lifting a ban of %s forgets what made it, and taking that back makes it hold again', async (peer, network) => {
  const guess = () => recordFailure(db, bucketsOf('ann@bans.test', peer, 'imap'), clock.now());
  for (let index = 0; index < 20; index += 1) await guess();
  const { rows } = await listBans(admin(), { filters: { made: 'automatic' } });
  expect(rows).toMatchObject([{ network, failures: 20, lastLogin: 'ann@bans.test', service: 'imap' }]);
  const ids = rows.map(({ id }) => id);
  expect(await liftBans(admin(), { ids })).toEqual({ networks: [network] });
  expect(await isBlockedAt(peer)).toBe(false);
  expect(await db.loginFailure.count({ where: { bucket: bucketsOf('ann@bans.test', peer).accountAtNetwork } })).toBe(0);
  expect(await guess()).toBeNull();
  expect(await outcomeOf(liftBans(admin(), { ids }))).toBe('not-found');
  await restoreBans(admin(), { ids });
  expect(await isBlockedAt(peer)).toBe(true);
});

test('an allowed network is not banned, whatever bans there are, until it is taken off the list', async () => {
  await createBan(admin(), { network: '2001:db8::/32', minutes: null });
  await allowNetwork(admin(), { network: '2001:db8:1::/48', note: 'Office' });
  await allowNetwork(admin(), { network: '2001:DB8:1::7/48', note: 'Our office' });
  expect([await isBlockedAt('2001:db8:1::5'), await isBlockedAt('2001:db8:2::5')]).toEqual([false, true]);
  const { rows, total } = await listAllowed(admin(), {});
  expect([rows, total]).toMatchObject([[{ network: '2001:db8:1::/48', note: 'Our office' }], 1]);
  await disallowNetworks(admin(), { ids: rows.map(({ id }) => id) });
  expect(await isBlockedAt('2001:db8:1::5')).toBe(true);
});

describe('the list in memory', () => {
  const banned = (address: string) => list.isBanned(address);

  test('hears of bans, of their end and of allowed networks', async () => {
    expect(banned('203.0.113.9')).toBe(false);
    const { id } = await createBan(admin(), { network: '203.0.113.0/24', minutes: 60 });
    await vi.waitFor(() => expect(banned('203.0.113.9')).toBe(true), { timeout: 10_000, interval: 5 });
    expect([banned('::ffff:203.0.113.9'), banned('203.0.114.9'), banned('not an address')]).toEqual([
      true,
      false,
      false,
    ]);
    await allowNetwork(admin(), { network: '203.0.113.9' });
    await vi.waitFor(() => expect(banned('203.0.113.9')).toBe(false), { timeout: 10_000, interval: 5 });
    expect(banned('203.0.113.8')).toBe(true);
    await liftBans(admin(), { ids: [id] });
    await vi.waitFor(() => expect(banned('203.0.113.8')).toBe(false), { timeout: 10_000, interval: 5 });
  });

  test('knows when a ban is over without being told', async () => {
    await createBan(admin(), { network: '2001:db8:1:2::/64', minutes: 1 });
    await vi.waitFor(() => expect(banned('2001:db8:1:2::9')).toBe(true), { timeout: 10_000, interval: 5 });
    clock.advance(60_000);
    expect(banned('2001:db8:1:2::9')).toBe(false);
  });

  test('closes sign-in services to a banned network, and leaves SMTP and everybody else to the rules', () => {
    const rules: AccessPolicy = { decide: () => ({ allow: true, rule: 'a rule', variables: new Map() }) };
    const policy = withBans(rules, { isBanned: (address) => address === '203.0.113.9' });
    const decide = (service: Parameters<AccessPolicy['decide']>[0], address: string) =>
      policy.decide(service, { address, hostname: null });
    for (const service of ['submission', 'imap', 'pop3'] as const) {
      expect(decide(service, '203.0.113.9')).toMatchObject({ allow: false, rule: 'banned' });
      expect(decide(service, '203.0.113.8')).toMatchObject({ allow: true, rule: 'a rule' });
    }
    expect(decide('smtp', '203.0.113.9')).toMatchObject({ allow: true, rule: 'a rule' });
  });
});

test('a table of networks finds what holds an address, at any length and in both families', () => {
  const v4 = (address: string, prefix: number) => [{ address, family: 'ipv4', prefix }, prefix] as const;
  const v6 = (address: string, prefix: number) => [{ address, family: 'ipv6', prefix }, prefix] as const;
  const table = createNetworkTable<number>([
    v4('10.0.0.0', 8),
    v4('10.1.0.0', 16),
    v4('0.0.0.0', 0),
    v6('::', 1),
    v6('::1', 128),
  ]);
  const found = (address: string) =>
    [0, 1, 8, 16, 128].filter((prefix) => table.some(address, (value) => value === prefix));
  expect(found('10.1.2.3')).toEqual([0, 8, 16]);
  expect(found('10.2.2.3')).toEqual([0, 8]);
  expect(found('255.255.255.255')).toEqual([0]);
  expect(found('::1')).toEqual([1, 128]);
  expect(found('ffff::')).toEqual([]);
});
