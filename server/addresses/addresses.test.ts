import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { deleteAccounts } from '../accounts/delete-accounts.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { getDomain } from '../domains/get-domain.ts';
import { setCatchAll } from '../domains/set-catch-all.ts';
import type { Context } from '../operation.ts';
import { contextOf, createReseller, createTenant, type Tenant } from '../testing/tenants.ts';
import { createForward } from './create-forward.ts';
import { createResponder } from './create-responder.ts';
import { deleteAddresses } from './delete-addresses.ts';
import { destinationsInput } from './destinations-input.ts';
import { listAddresses } from './list-addresses.ts';
import { updateAlias } from './update-alias.ts';
import { updateForward } from './update-forward.ts';
import { updateResponder } from './update-responder.ts';

let database: TestDatabase;
let db: PrismaClient;
let context: Context;
let tenant: Tenant;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  context = contextOf(db);
  tenant = await createTenant(db, 'here.test', await createReseller(db, 'reseller@here.test'));
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const list = async (filters: object = {}) =>
  (await listAddresses(context, { filters: { domainId: tenant.domainId, ...filters } })).rows;

describe('a forward', () => {
  test('keeps each destination once, as mail spells it', async () => {
    const made = await createForward(context, {
      domainId: tenant.domainId,
      localPart: 'Sales',
      destinations: [' Zoe@FAR.test ', 'zoe@far.test', 'jürgen@Bücher.test'],
      targetIds: [tenant.accountId],
    });
    expect(made).toMatchObject({
      kind: 'forward',
      address: 'sales@here.test',
      destinations: ['jürgen@xn--bcher-kva.test', 'zoe@far.test'],
      targets: [{ address: 'ann@here.test' }],
    });
    const changed = await updateForward(context, { id: made.id, destinations: ['yan@far.test'] });
    expect(changed).toMatchObject({ destinations: ['yan@far.test'], targets: [] });
    expect((await listAddresses(context, { search: 'yan@far' })).rows.map((row) => row.address)).toEqual([
      made.address,
    ]);
  });

  test.each([
    [['no address']],
    [['a@localhost']],
    [['a@127.0.0.1']],
    [['"a b"@far.test']],
    [['a\r\nRCPT TO:<b@far.test>']],
    [[]],
    [Array.from({ length: 51 }, (_, index) => `a${index}@far.test`)],
    [['self@here.test']],
  ])('to %j is refused at its field, and nothing is kept', async (destinations) => {
    const given = { domainId: tenant.domainId, localPart: 'self', destinations };
    const fields = await createForward(context, given).then(
      () => ({}),
      (error: { fields: object }) => error.fields,
    );
    expect(Object.keys(fields)[0]).toMatch(/^destinations/);
    expect(await db.address.count({ where: { localPart: 'self' } })).toBe(0);
  });

  test('whatever is typed, what is kept is an address or a refusal', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.emailAddress()), { maxLength: 5 }), (typed) => {
        const parsed = destinationsInput.safeParse(typed);
        if (!parsed.success) return;
        for (const address of parsed.data) expect(address).toMatch(/^[^\s<>@"]+@[a-z0-9.-]+\.[a-z0-9-]+$/);
      }),
    );
  });
});

test('a name is taken once, whatever the kinds; another kind is not changed as this one', async () => {
  const common = { domainId: tenant.domainId, localPart: 'taken' };
  await createForward(context, { ...common, destinations: ['a@far.test'] });
  await expect(createResponder(context, { ...common, body: 'x' })).rejects.toMatchObject({ code: 'conflict' });
  const wrong = [
    updateAlias(context, { id: tenant.forwardId, targetIds: [tenant.accountId] }),
    updateForward(context, { id: tenant.responderId, destinations: ['a@far.test'] }),
    updateResponder(context, { id: tenant.aliasId, body: 'x' }),
  ];
  for (const refusal of await Promise.allSettled(wrong)) {
    expect(refusal).toMatchObject({ status: 'rejected', reason: { code: 'not-found' } });
  }
});

test('the own address of a mailbox is in no list and cannot be deleted as one', async () => {
  const own = await db.address.findFirstOrThrow({ where: { kind: 'account', localPart: 'ann' } });
  expect((await list()).map(({ id }) => id)).not.toContain(String(own.id));
  await expect(deleteAddresses(context, { ids: [String(own.id)] })).rejects.toMatchObject({ code: 'not-found' });
  expect((await list({ kind: 'responder' })).map(({ kind }) => kind)).toEqual(['responder']);
});

test('a catch-all is refused for a stranger’s mailbox, and refuses again when its mailbox is deleted', async () => {
  const id = tenant.domainId;
  const set = (accountId: string | null) => setCatchAll(context, { id, accountId });
  expect(await set(tenant.otherAccountId)).toMatchObject({ catchAll: { address: 'ben@here.test' } });
  await deleteAccounts(context, { ids: [tenant.otherAccountId] });
  expect(await getDomain(context, { id })).toMatchObject({ catchAll: null });
  await expect(set(tenant.otherAccountId)).rejects.toMatchObject({ fields: { accountId: expect.any(String) } });
  expect(await set(null)).toMatchObject({ catchAll: null });
});
