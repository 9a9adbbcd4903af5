import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { outcomeOf } from '../testing/refusal.ts';
import { contextOf, createReseller, createTenant, type Tenant } from '../testing/tenants.ts';
import { getSendLimits } from './get-send-limits.ts';
import { updateSendLimits } from './update-send-limits.ts';

let database: TestDatabase;
let db: PrismaClient;
let tenant: Tenant;
let foreign: Tenant;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  tenant = await createTenant(db, 'limits.test', await createReseller(db, 'reseller@limits.test'));
  foreign = await createTenant(db, 'foreign.test', await createReseller(db, 'foreign@limits.test'));
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});
beforeEach(() => db.sendLimit.deleteMany());

const host = () => contextOf(db);
const owner = () => contextOf(db, tenant.actors['domain-owner']);
const reseller = () => contextOf(db, tenant.actors.reseller);
const account = () => ({ scope: 'account', id: tenant.accountId }) as const;
const domain = () => ({ scope: 'domain', id: tenant.domainId }) as const;
const ofReseller = () => ({ scope: 'reseller', id: tenant.resellerId }) as const;

test('what is not set takes the default, 0 is no limit, null goes back, and what is left out stays', async () => {
  expect(await getSendLimits(host(), account())).toMatchObject({
    name: 'ann@limits.test',
    own: { messagesPerHour: null },
    effective: { messagesPerHour: 500 },
    cap: { messagesPerHour: 0 },
    used: { messagesPerHour: 0 },
  });
  await updateSendLimits(host(), { ...account(), messagesPerHour: 0, messagesPerDay: 7 });
  await updateSendLimits(host(), { ...account(), recipientsPerDay: 9 });
  expect((await getSendLimits(host(), account())).effective).toMatchObject({
    messagesPerHour: 0,
    messagesPerDay: 7,
    recipientsPerDay: 9,
  });
  const view = await updateSendLimits(host(), { ...account(), messagesPerDay: null });
  expect(view).toMatchObject({
    own: { messagesPerDay: null, recipientsPerDay: 9 },
    effective: { messagesPerDay: 2_000 },
  });
});

test('a domain owner sets its mailboxes’ up to its domain’s limits and its reseller’s, and no other', async () => {
  await updateSendLimits(host(), { ...domain(), messagesPerHour: 100 });
  await updateSendLimits(host(), { ...ofReseller(), messagesPerHour: 80 });
  expect((await getSendLimits(owner(), account())).cap.messagesPerHour).toBe(80);
  await expect(updateSendLimits(owner(), { ...account(), messagesPerHour: 81 })).rejects.toMatchObject({
    code: 'invalid',
    fields: { messagesPerHour: 'At most 80 messages per hour here.' },
  });
  expect(await outcomeOf(updateSendLimits(owner(), { ...account(), messagesPerHour: 0 }))).toBe('invalid');
  expect(await outcomeOf(updateSendLimits(owner(), { ...account(), messagesPerHour: 80 }))).toBe('done');
  expect(await outcomeOf(updateSendLimits(owner(), { ...domain(), messagesPerHour: 1 }))).toBe('forbidden');
  expect(await outcomeOf(updateSendLimits(owner(), { ...ofReseller(), messagesPerHour: 1 }))).toBe('not-found');
});

test('a reseller sets its domains’ and their mailboxes’ up to its own, sees its own, and nobody else’s', async () => {
  await updateSendLimits(host(), { ...ofReseller(), recipientsPerDay: 1_000 });
  expect(await outcomeOf(updateSendLimits(reseller(), { ...domain(), recipientsPerDay: 1_001 }))).toBe('invalid');
  expect(await outcomeOf(updateSendLimits(reseller(), { ...domain(), recipientsPerDay: 1_000 }))).toBe('done');
  expect(await getSendLimits(reseller(), ofReseller())).toMatchObject({ mayChange: false });
  expect(await outcomeOf(updateSendLimits(reseller(), { ...ofReseller(), recipientsPerDay: 1 }))).toBe('forbidden');
  for (const [scope, id] of [
    ['account', foreign.accountId],
    ['domain', foreign.domainId],
    ['reseller', foreign.resellerId],
  ] as const) {
    expect([scope, await outcomeOf(updateSendLimits(reseller(), { scope, id, messagesPerDay: 1 }))]).toEqual([
      scope,
      'not-found',
    ]);
  }
});
