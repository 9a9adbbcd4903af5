import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '../database/pool.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { resolveSettings } from '../settings/resolve-settings.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createReseller, createTenant, type Tenant } from '../testing/tenants.ts';
import { createSendGate, type SendGate } from './create-send-gate.ts';
import { defaultLimits } from './measures.ts';

let database: TestDatabase;
let db: PrismaClient;
let pool: Pool;
let tenant: Tenant;
let account: number;
let other: number;
let clock: ManualClock;
const onHold = vi.fn();

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  pool = createPool({ connectionString: database.url, max: 8 });
  tenant = await createTenant(db, 'gate.test', await createReseller(db, 'reseller@gate.test'));
  [account, other] = [Number(tenant.accountId), Number(tenant.otherAccountId)];
});
afterAll(async () => {
  await pool.end();
  await db.$disconnect();
  await database.drop();
});
beforeEach(async () => {
  clock = createManualClock();
  onHold.mockClear();
  for (const table of ['send_limit', 'send_usage', 'send_hold', 'send_recipient'])
    await pool.query(`DELETE FROM ${table}`);
});

function openGate(): SendGate {
  const defaults = defaultLimits(resolveSettings([]));
  const limits = () => ({ defaults, maxHeldMessages: 1_000, maxHeldBytes: 1024 ** 3 });
  return createSendGate({ pool, limits, now: clock.now, onHold });
}

const limit = (scope: string, scopeId: string, own: Record<string, number>) =>
  db.sendLimit.create({ data: { scope, scopeId: BigInt(scopeId), ...own } });

const send = async (gate: SendGate, accountId: number, ...recipients: string[]) =>
  (await gate.admit({ accountId, recipients, sizeBytes: 100 })).kind;

const countOf = async (kind: string, results: readonly Promise<string>[]) =>
  (await Promise.all(results)).filter((one) => one === kind).length;

test('two nodes that send at the same time let through exactly the limit of the reseller they share', async () => {
  await limit('reseller', tenant.resellerId, { messagesPerHour: 37 });
  const gates = [openGate(), openGate()];
  const results = Array.from({ length: 120 }, (_, index) =>
    send(gates[index % 2] as SendGate, index % 3 === 0 ? other : account, `a${index}@there.test`),
  );
  expect(await countOf('send', results)).toBe(37);
  expect(await db.sendHold.findMany({ orderBy: { accountId: 'asc' } })).toMatchObject([
    { accountId: BigInt(account), scope: 'reseller', measure: 'messagesPerHour', limitValue: 37, toldAt: null },
    { accountId: BigInt(other), scope: 'reseller' },
  ]);
  const held = await db.sendHold.aggregate({ _sum: { heldMessages: true, heldBytes: true } });
  expect(held._sum).toEqual({ heldMessages: 83, heldBytes: 8_300n });
  expect(onHold).toHaveBeenCalled();
});

describe('what a domain forwards', () => {
  const forward = (gate: SendGate, domain: string, ...recipients: string[]) =>
    gate.forward(domain, async ({ admit }) => (await admit({ recipients, sizeBytes: 100 })).kind);

  test('shares the limit with what its accounts send, over any number of nodes, and is held apart', async () => {
    await limit('domain', tenant.domainId, { messagesPerHour: 29 });
    const gates = [openGate(), openGate()];
    const results = Array.from({ length: 80 }, (_, index) => {
      const gate = gates[index % 2] as SendGate;
      const recipient = `a${index}@there.test`;
      return index % 4 < 2 ? forward(gate, tenant.name, recipient) : send(gate, account, recipient);
    });
    expect(await countOf('send', results)).toBe(29);
    const held = await db.sendHold.findMany({ orderBy: { forwardingDomainId: 'asc' } });
    expect(held).toMatchObject([
      { accountId: null, forwardingDomainId: BigInt(tenant.domainId), scope: 'domain', limitValue: 29 },
      { accountId: BigInt(account), forwardingDomainId: null },
    ]);
    expect(held.reduce((sum, { heldMessages }) => sum + heldMessages, 0)).toBe(51);
    expect(onHold).toHaveBeenCalledTimes(2);
    expect(await db.sendUsage.findMany({ where: { scope: 'account' } })).toHaveLength(1);
  });

  test('is not counted where its transaction fails, nor of a domain that is not here', async () => {
    await limit('domain', tenant.domainId, { messagesPerHour: 1 });
    const gate = openGate();
    const failing = gate.forward(tenant.name, async ({ admit }) => {
      await admit({ recipients: ['a@there.test'], sizeBytes: 100 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect([await forward(gate, tenant.name, 'a@x.test'), await forward(gate, tenant.name, 'a@x.test')]).toEqual([
      'send',
      'hold',
    ]);
    expect(await forward(gate, 'nowhere.test', 'a@x.test')).toBe('refuse');
  });
});

test('an account that is held stays held when the hour is over, and is free when its hold is gone', async () => {
  await limit('account', tenant.accountId, { messagesPerHour: 1 });
  const gate = openGate();
  expect([await send(gate, account, 'a@x.test'), await send(gate, account, 'a@x.test')]).toEqual(['send', 'hold']);
  clock.advance(48 * 3_600_000);
  expect([await send(gate, account, 'a@x.test'), await send(gate, other, 'a@x.test')]).toEqual(['hold', 'send']);
  await db.sendHold.deleteMany();
  expect(await send(gate, account, 'a@x.test')).toBe('send');
});

test('first-time recipients are told from those written to before, whatever the spelling', async () => {
  await limit('account', tenant.accountId, { firstTimePerDay: 2 });
  const gate = openGate();
  expect(await send(gate, account, 'one@x.test', 'ONE@X.test', 'two@x.test')).toBe('send');
  expect(await send(gate, account, 'Two@x.test', 'one@x.test')).toBe('send');
  expect(await send(openGate(), account, 'three@x.test')).toBe('hold');
  expect(await db.sendRecipient.count()).toBe(2);
});

test('the defaults hold where nothing else is said, and 0 is no limit', async () => {
  const gate = openGate();
  const first = Array.from({ length: 501 }, () => send(gate, account, 'a@x.test'));
  expect(await countOf('send', first)).toBe(500);
  await limit('account', tenant.otherAccountId, { messagesPerHour: 0 });
  const second = Array.from({ length: 600 }, () => send(gate, other, 'a@x.test'));
  expect(await countOf('send', second)).toBe(600);
});

test('a deleted account sends nothing, and a database that is away takes nothing and counts nothing', async () => {
  expect(await send(openGate(), Number(tenant.deletedAccountId), 'a@x.test')).toBe('refuse');
  const dead = createPool({ connectionString: database.url, max: 1 });
  await dead.end();
  const gate = createSendGate({
    pool: dead,
    limits: () => ({ defaults: defaultLimits(resolveSettings([])), maxHeldMessages: 1, maxHeldBytes: 1 }),
    now: clock.now,
  });
  await expect(send(gate, account, 'a@x.test')).rejects.toThrow();
  await expect(send(gate, account, 'a@x.test')).rejects.toThrow();
  expect(await db.sendUsage.count({ where: { scope: 'account', scopeId: BigInt(account) } })).toBe(0);
});
