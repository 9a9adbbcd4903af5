import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createAccount } from '../accounts/create-account.ts';
import { deleteAccounts } from '../accounts/delete-accounts.ts';
import { getAccount } from '../accounts/get-account.ts';
import { listAccounts } from '../accounts/list-accounts.ts';
import type { Actor } from '../actor/actor.ts';
import { getDashboard } from '../dashboard/get-dashboard.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { listDeleted } from '../deleted/list-deleted.ts';
import type { Context } from '../operation.ts';
import { createOperator } from '../operators/create-operator.ts';
import { deleteOperators } from '../operators/delete-operators.ts';
import { restoreOperators } from '../operators/restore-operators.ts';
import { suspendOperators } from '../operators/suspend-operators.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { outcomeOf } from '../testing/refusal.ts';
import { contextOf, PASSWORD } from '../testing/tenants.ts';
import { createDomain } from './create-domain.ts';
import { deleteDomains } from './delete-domains.ts';
import { getDomain } from './get-domain.ts';
import { listDomains } from './list-domains.ts';
import { purgeDomains } from './purge-domains.ts';
import { restoreDomains } from './restore-domains.ts';
import { updateDomain } from './update-domain.ts';

let database: TestDatabase;
let db: PrismaClient;
let context: Context;
const clock = createManualClock();
let serial = 0;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 12);
  context = contextOf(db, undefined, clock.now);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

function nextName(): string {
  serial += 1;
  return `d${serial}.test`;
}

async function addPerson(
  role: 'admin' | 'reseller' | 'domain_owner',
  more: { resellerId?: string; maxDomains?: number } = {},
) {
  serial += 1;
  return (await createOperator(context, { email: `p${serial}@x.test`, name: 'Person', role, ...more })).id;
}

const reseller = (id: string): Actor => ({ kind: 'reseller', operatorId: BigInt(id), label: 'reseller' });

describe('a domain', () => {
  test.each([
    ['Example.COM', 'example.com', 'example.com'],
    [' bücher.example ', 'xn--bcher-kva.example', 'bücher.example'],
    ['mail.example.org.', 'mail.example.org', 'mail.example.org'],
  ])('%s is kept as %s and shown as %s', async (typed, name, displayName) => {
    expect(await createDomain(context, { name: typed })).toMatchObject({
      name,
      displayName,
      accounts: 0,
      usedBytes: 0,
    });
  });

  test.each([
    '',
    'localhost',
    '127.0.0.1',
    '[::1]',
    '1.2.3',
    'exa mple.org',
    'a..b',
    '-a.org',
    'a-.org',
    'a_b.org',
    'http://a.org',
    'a.org:25',
    'a@b.org',
    `${'a'.repeat(64)}.org`,
    `${'a.'.repeat(130)}org`,
    'xn--zz-.org',
    'a%2eb.org',
  ])('%j is refused on the field', async (name) => {
    await expect(createDomain(context, { name })).rejects.toMatchObject({ fields: { name: expect.any(String) } });
  });

  test('made ten times at once is made once', async () => {
    const name = nextName();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(createDomain(context, { name }))));
    expect(outcomes.toSorted()).toEqual([...Array(9).fill('conflict'), 'done']);
  });

  test('counts its mailboxes and what they hold', async () => {
    const { id } = await createDomain(context, { name: nextName() });
    for (const localPart of ['ann', 'ben', 'gone']) {
      const { account } = await createAccount(context, { domainId: id, localPart, password: PASSWORD });
      await db.accountUsage.update({ where: { accountId: BigInt(account.id) }, data: { sizeBytes: 100n } });
      if (localPart === 'gone') await deleteAccounts(context, { ids: [account.id] });
    }
    expect(await getDomain(context, { id })).toMatchObject({ accounts: 2, usedBytes: 200 });
  });
});

describe('a deleted domain', () => {
  test('takes its mailboxes along, and brings back exactly those, even when the clock stood still', async () => {
    const { id } = await createDomain(context, { name: nextName() });
    const add = async (localPart: string) =>
      (await createAccount(context, { domainId: id, localPart, password: PASSWORD })).account.id;
    const [ann, ben, before] = [await add('ann'), await add('ben'), await add('before')];
    await deleteAccounts(context, { ids: [before] });
    await deleteDomains(context, { ids: [id] });
    expect((await listAccounts(context, { filters: { domainId: id } })).total).toBe(0);
    expect(await outcomeOf(getAccount(context, { id: ann }))).toBe('not-found');
    const { rows } = await listDeleted(context, {});
    expect(rows.filter((item) => [id, ann, ben, before].includes(item.id))).toMatchObject([
      { kind: 'domain', accounts: 2 },
    ]);
    await restoreDomains(context, { ids: [id] });
    const back = (await listAccounts(context, { filters: { domainId: id } })).rows.map((row) => row.id);
    expect(back).toEqual([ann, ben]);
    expect((await listDeleted(context, {})).rows.filter((item) => item.id === before)).toHaveLength(1);
  });

  test('keeps its name until it is purged, and only its own people are told why', async () => {
    const [mine, other] = [await addPerson('reseller'), await addPerson('reseller')];
    const name = nextName();
    const { id } = await createDomain({ ...context, actor: reseller(mine) }, { name });
    await deleteDomains(context, { ids: [id] });
    await expect(createDomain({ ...context, actor: reseller(mine) }, { name })).rejects.toThrow(/can be restored/);
    await expect(createDomain({ ...context, actor: reseller(other) }, { name })).rejects.toThrow(/hosted here already/);
    await purgeDomains({ ...context, actor: reseller(mine) }, { ids: [id] });
    expect(await outcomeOf(restoreDomains(context, { ids: [id] }))).toBe('not-found');
    expect(await outcomeOf(createDomain({ ...context, actor: reseller(other) }, { name }))).toBe('done');
  });

  test('comes back within the limits that hold now', async () => {
    const resellerId = await addPerson('reseller', { maxDomains: 1 });
    const { id } = await createDomain(context, { name: nextName(), resellerId });
    expect(await outcomeOf(createDomain(context, { name: nextName(), resellerId }))).toBe('limit-reached');
    await deleteDomains(context, { ids: [id] });
    const { id: second } = await createDomain(context, { name: nextName(), resellerId });
    expect(await outcomeOf(restoreDomains(context, { ids: [id] }))).toBe('limit-reached');
    await deleteDomains(context, { ids: [second] });
    expect(await outcomeOf(restoreDomains(context, { ids: [id] }))).toBe('done');
  });
});

describe('whose a domain is', () => {
  test("a reseller's own, whatever is asked; an owner brings its reseller", async () => {
    const [mine, other] = [await addPerson('reseller'), await addPerson('reseller')];
    const owner = await addPerson('domain_owner', { resellerId: mine });
    const actor = reseller(mine);
    const made = await createDomain({ ...context, actor }, { name: nextName() });
    expect(made.reseller?.id).toBe(mine);
    expect(await outcomeOf(createDomain({ ...context, actor }, { name: nextName(), resellerId: other }))).toBe(
      'invalid',
    );
    const owned = await createDomain(context, { name: nextName(), ownerId: owner });
    expect([owned.owner?.id, owned.reseller?.id]).toEqual([owner, mine]);
    expect(await outcomeOf(createDomain(context, { name: nextName(), ownerId: owner, resellerId: other }))).toBe(
      'invalid',
    );
    expect(await outcomeOf(createDomain(context, { name: nextName(), ownerId: mine }))).toBe('invalid');
    expect(await outcomeOf(updateDomain({ ...context, actor }, { id: made.id, resellerId: other }))).toBe('invalid');
  });

  test('changes with a new owner, and stays when only the owner leaves', async () => {
    const mine = await addPerson('reseller');
    const [owner, direct] = [await addPerson('domain_owner', { resellerId: mine }), await addPerson('domain_owner')];
    const { id } = await createDomain(context, { name: nextName(), ownerId: owner });
    expect((await updateDomain(context, { id, ownerId: null })).reseller?.id).toBe(mine);
    expect(await updateDomain(context, { id, ownerId: direct })).toMatchObject({
      owner: { id: direct },
      reseller: null,
    });
    expect(await updateDomain(context, { id, maxAccounts: 5 })).toMatchObject({
      owner: { id: direct },
      maxAccounts: 5,
    });
  });

  test('a domain does not come to a reseller who has no room for it', async () => {
    const full = await addPerson('reseller', { maxDomains: 0 });
    const { id } = await createDomain(context, { name: nextName() });
    expect(await outcomeOf(updateDomain(context, { id, resellerId: full }))).toBe('limit-reached');
  });
});

test('lists sort by what is counted, search people too, and filter', async () => {
  const owner = await addPerson('domain_owner');
  const [small, large] = [
    await createDomain(context, { name: nextName(), ownerId: owner }),
    await createDomain(context, { name: nextName(), ownerId: owner }),
  ];
  await createAccount(context, { domainId: large.id, localPart: 'ann', password: PASSWORD });
  const filters = { ownerId: owner };
  const byCount = await listDomains(context, { sort: 'accounts', direction: 'desc', filters });
  expect(byCount.rows.map((row) => row.id)).toEqual([large.id, small.id]);
  expect((await listDomains(context, { search: small.owner?.email ?? '' })).total).toBe(2);
  expect((await listDomains(context, { filters: { ...filters, state: 'suspended' } })).total).toBe(0);
  const numbers = await getDashboard(
    { ...context, actor: { kind: 'domain-owner', operatorId: BigInt(owner), label: 'o' } },
    {},
  );
  expect(numbers).toMatchObject({ domains: { total: 2, suspended: 0 }, accounts: { total: 1 }, aliases: 2 });
});

describe('people', () => {
  test('with one email exist once, whoever asks at the same time', async () => {
    const make = () => createOperator(context, { email: 'Twice@x.test', name: 'T', role: 'admin' });
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => outcomeOf(make())));
    expect(outcomes.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'conflict', 'done']);
  });

  test('who own something are not deleted; deleted ones come back unless their email was taken', async () => {
    const owner = await addPerson('domain_owner');
    const { id } = await createDomain(context, { name: nextName(), ownerId: owner });
    expect(await outcomeOf(deleteOperators(context, { ids: [owner] }))).toBe('conflict');
    await deleteDomains(context, { ids: [id] });
    expect(await outcomeOf(deleteOperators(context, { ids: [owner] }))).toBe('conflict');
    await restoreDomains(context, { ids: [id] });
    await updateDomain(context, { id, ownerId: null });
    const { emails } = await deleteOperators(context, { ids: [owner] });
    await restoreOperators(context, { ids: [owner] });
    await deleteOperators(context, { ids: [owner] });
    await createOperator(context, { email: emails[0] ?? '', name: 'Another', role: 'domain_owner' });
    expect(await outcomeOf(restoreOperators(context, { ids: [owner] }))).toBe('conflict');
  });

  test('the last admin stays, even when two remove each other at once; nobody removes themselves', async () => {
    await db.operator.updateMany({ where: { role: 'admin' }, data: { deletedAt: clock.now() } });
    const [first, second] = [await addPerson('admin'), await addPerson('admin')];
    const as = (id: string): Context => ({
      ...context,
      actor: { kind: 'admin', operatorId: BigInt(id), label: 'admin' },
    });
    expect(await outcomeOf(suspendOperators(as(first), { ids: [first] }))).toBe('conflict');
    const outcomes = await Promise.all([
      outcomeOf(deleteOperators(as(first), { ids: [second] })),
      outcomeOf(suspendOperators(as(second), { ids: [first] })),
    ]);
    expect(outcomes.toSorted()).toEqual(['conflict', 'done']);
  });

  test('resellers make domain owners of their own and nothing else', async () => {
    const id = await addPerson('reseller');
    const actor = reseller(id);
    for (const role of ['admin', 'reseller'] as const) {
      const refusal = createOperator({ ...context, actor }, { email: 'climber@x.test', name: 'C', role });
      expect(await outcomeOf(refusal)).toBe('forbidden');
    }
    const made = await createOperator(
      { ...context, actor },
      { email: 'client@x.test', name: 'C', role: 'domain_owner' },
    );
    expect(made.reseller?.id).toBe(id);
    expect(await outcomeOf(deleteOperators(context, { ids: [id] }))).toBe('conflict');
  });
});
