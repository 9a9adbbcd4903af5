import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createAlias } from '../addresses/create-alias.ts';
import { listAddresses } from '../addresses/list-addresses.ts';
import { updateAlias } from '../addresses/update-alias.ts';
import { createPool } from '../database/pool.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { createDirectory } from '../directory/create-directory.ts';
import type { Directory } from '../directory/types.ts';
import { createDomain } from '../domains/create-domain.ts';
import { getDomain } from '../domains/get-domain.ts';
import { setCatchAll } from '../domains/set-catch-all.ts';
import { updateDomain } from '../domains/update-domain.ts';
import { outcomeOf } from '../testing/refusal.ts';
import { contextOf, createReseller, createTenant, type Tenant } from '../testing/tenants.ts';
import { listSenders } from '../webmail/senders/list-senders.ts';
import { getSendAs } from './get-send-as.ts';
import { grantSendAs } from './grant-send-as.ts';
import { revokeSendAs } from './revoke-send-as.ts';

let database: TestDatabase;
let db: PrismaClient;
let pool: Pool;
let directory: Directory;
let tenant: Tenant;
let foreign: Tenant;
let secondId: string;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  pool = createPool({ connectionString: database.url, max: 2 });
  directory = await createDirectory({ pool, listenUrl: database.url });
  const reseller = await createReseller(db, 'reseller@as.test');
  tenant = await createTenant(db, 'as.test', reseller);
  foreign = await createTenant(db, 'foreign.test', reseller);
  secondId = (await createDomain(contextOf(db), { name: 'second.test', ownerId: tenant.ownerId })).id;
});
afterAll(async () => {
  await directory.close();
  await pool.end();
  await db.$disconnect();
  await database.drop();
});
beforeEach(() => db.sendAsGrant.deleteMany());

const host = () => contextOf(db);
const owner = () => contextOf(db, tenant.actors['domain-owner']);
const grant = (address: string, context = owner()) => grantSendAs(context, { accountId: tenant.accountId, address });
const may = (address: string) => directory.maySendAs(Number(tenant.accountId), address);
const until = (address: string, expected: boolean) =>
  vi.waitFor(async () => expect([address, await may(address)]).toEqual([address, expected]), {
    timeout: 10_000,
    interval: 5,
  });

describe('an account may send as', () => {
  test('what it was granted and nothing more, from the grant to its end', async () => {
    await until('sales@as.test', false);
    const { id, address } = await grant('SALES@As.test');
    expect(address).toBe('sales@as.test');
    await until('Sales@as.test', true);
    expect([await may('other@as.test'), await may('sales@foreign.test')]).toEqual([false, false]);
    expect(await directory.maySendAs(Number(tenant.otherAccountId), 'sales@as.test')).toBe(false);
    await revokeSendAs(owner(), { ids: [id] });
    await until('sales@as.test', false);
  });

  test('every address of a domain that was granted as a whole, a colleague’s too', async () => {
    await grant('@second.test');
    await until('anything@second.test', true);
    expect(await may('ben@as.test')).toBe(false);
    await grant('@as.test');
    await until('ben@as.test', true);
  });

  test('nothing of a domain that went to another owner', async () => {
    await grant('sales@second.test');
    await until('sales@second.test', true);
    await updateDomain(host(), { id: secondId, ownerId: foreign.ownerId });
    await until('sales@second.test', false);
    expect(await getSendAs(owner(), { accountId: tenant.accountId })).toMatchObject([{ holds: false }]);
    await updateDomain(host(), { id: secondId, ownerId: tenant.ownerId });
    await until('sales@second.test', true);
  });
});

test('an alias and a catch-all feed no mailbox of who owned their domain before', async () => {
  const { accountId } = tenant;
  const alias = await createAlias(owner(), { domainId: secondId, localPart: 'info', targetIds: [accountId] });
  await setCatchAll(owner(), { id: secondId, accountId });
  const kinds = () =>
    Promise.all(['info', 'any'].map(async (name) => (await directory.resolveRecipient(`${name}@second.test`)).kind));
  await vi.waitFor(async () => expect(await kinds()).toEqual(['deliverable', 'deliverable']));
  await until('info@second.test', true);
  await updateDomain(host(), { id: secondId, ownerId: foreign.ownerId });
  await vi.waitFor(async () => expect(await kinds()).toEqual(['unknown', 'unknown']));
  await until('info@second.test', false);
  const { rows } = await listAddresses(host(), { filters: { domainId: secondId } });
  expect([rows, (await getDomain(host(), { id: secondId })).catchAll]).toMatchObject([[{ targets: [] }], null]);
  const again = () => updateAlias(host(), { id: alias.id, targetIds: [accountId] });
  expect([await outcomeOf(again()), await outcomeOf(setCatchAll(host(), { id: secondId, accountId }))]).toEqual([
    'invalid',
    'invalid',
  ]);
  await updateDomain(host(), { id: secondId, ownerId: tenant.ownerId });
  await vi.waitFor(async () => expect(await kinds()).toEqual(['deliverable', 'deliverable']));
});

test.each(['x@foreign.test', '@foreign.test', 'x@nowhere.test', 'x', '@', 'a b@as.test', ''])(
  'a grant of %j is refused on the field, by its owner and by the host',
  async (address) => {
    for (const context of [owner(), host()]) {
      await expect(grant(address, context)).rejects.toMatchObject({
        code: 'invalid',
        fields: { address: expect.any(String) },
      });
    }
  },
);

test('a grant made twice is one, and their number is bounded', async () => {
  expect((await grant('a@as.test')).id).toBe((await grant('A@as.test')).id);
  await db.sendAsGrant.createMany({
    data: Array.from({ length: 99 }, (_, index) => {
      return { accountId: BigInt(tenant.accountId), domainId: BigInt(tenant.domainId), localPart: `n${index}` };
    }),
  });
  expect(await outcomeOf(grant('b@as.test'))).toBe('limit-reached');
});

test('webmail offers what submission takes', async () => {
  await grant('sales@second.test');
  const senders = await listSenders(contextOf(db, tenant.actors['mailbox-owner']), {});
  expect(senders[0]).toBe('ann@as.test');
  expect(senders).toEqual(expect.arrayContaining(['team@as.test', 'sales@second.test']));
  for (const address of senders) await until(address, true);
  await grant('@as.test');
  expect(await listSenders(contextOf(db, tenant.actors['mailbox-owner']), {})).toContain('ben@as.test');
});
