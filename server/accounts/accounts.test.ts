import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createAlias } from '../addresses/create-alias.ts';
import { deleteAddresses } from '../addresses/delete-addresses.ts';
import { listAddresses } from '../addresses/list-addresses.ts';
import { verifyPassword } from '../auth/password.ts';
import { createWebSession, findSessionActor } from '../auth/web-session.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { listDeleted } from '../deleted/list-deleted.ts';
import { createDomain } from '../domains/create-domain.ts';
import { deleteDomains } from '../domains/delete-domains.ts';
import { restoreDomains } from '../domains/restore-domains.ts';
import { updateDomain } from '../domains/update-domain.ts';
import type { Context } from '../operation.ts';
import { createOperator } from '../operators/create-operator.ts';
import { updateSetting } from '../settings/update-setting.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { outcomeOf } from '../testing/refusal.ts';
import { contextOf, PASSWORD } from '../testing/tenants.ts';
import { createAccount } from './create-account.ts';
import { deleteAccounts } from './delete-accounts.ts';
import { getAccount } from './get-account.ts';
import { listAccounts } from './list-accounts.ts';
import { purgeAccounts } from './purge-accounts.ts';
import { resetPassword } from './reset-password.ts';
import { restoreAccounts } from './restore-accounts.ts';
import { updateAccount } from './update-account.ts';

let database: TestDatabase;
let db: PrismaClient;
let clock: ManualClock;
let context: Context;
let domains = 0;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 12);
  clock = createManualClock();
  context = contextOf(db, undefined, clock.now);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

async function addDomain(given: { maxAccounts?: number; resellerId?: string; defaultQuotaBytes?: number } = {}) {
  domains += 1;
  return (await createDomain(context, { name: `d${domains}.test`, ...given })).id;
}

async function addAccount(domainId: string, localPart: string) {
  return (await createAccount(context, { domainId, localPart, password: PASSWORD })).account;
}

const aliasesOf = async (domainId: string) =>
  (await listAddresses(context, { filters: { domainId } })).rows.map((alias) => [
    alias.localPart,
    ...alias.targets.map((t) => t.address),
  ]);

describe('a new mailbox', () => {
  test('has its folders, its address, its quota and a password that works', async () => {
    const domainId = await addDomain({ defaultQuotaBytes: 5_000 });
    const { account, generatedPassword } = await createAccount(context, {
      domainId,
      localPart: ' Ann.Lee ',
      displayName: 'Ann Lee',
    });
    expect(account).toMatchObject({
      localPart: 'ann.lee',
      displayName: 'Ann Lee',
      quotaBytes: 5_000,
      usedBytes: 0,
      messages: 0,
    });
    const row = await db.account.findUniqueOrThrow({ where: { id: BigInt(account.id) } });
    expect((await verifyPassword(row.passwordHash, generatedPassword ?? '')).ok).toBe(true);
    const folders = await db.folder.findMany({ where: { accountId: row.id }, orderBy: { id: 'asc' } });
    expect(folders.map(({ name, specialUse }) => [name, specialUse])).toEqual([
      ['INBOX', null],
      ['Drafts', '\\Drafts'],
      ['Sent', '\\Sent'],
      ['Junk', '\\Junk'],
      ['Trash', '\\Trash'],
      ['Archive', '\\Archive'],
    ]);
    expect(await db.accountUsage.count({ where: { accountId: row.id } })).toBe(1);
    expect(await getAccount(context, { id: account.id })).toEqual(account);
  });

  test('that is the first of its domain answers for postmaster and abuse, and later ones do not', async () => {
    const domainId = await addDomain();
    const first = await addAccount(domainId, 'first');
    await addAccount(domainId, 'second');
    const expected = [
      ['abuse', first.address],
      ['postmaster', first.address],
    ];
    expect(await aliasesOf(domainId)).toEqual(expected);
    expect(await outcomeOf(addAccount(domainId, 'postmaster'))).toBe('conflict');
  });

  test('that answers for postmaster hands that on when it is deleted, and back in a new one', async () => {
    const domainId = await addDomain();
    const [first, second] = [await addAccount(domainId, 'first'), await addAccount(domainId, 'second')];
    await deleteAccounts(context, { ids: [first.id] });
    expect(await aliasesOf(domainId)).toContainEqual(['postmaster', second.address]);
    await deleteAccounts(context, { ids: [second.id] });
    expect(await aliasesOf(domainId)).toContainEqual(['postmaster']);
    const third = await addAccount(domainId, 'third');
    expect(await aliasesOf(domainId)).toEqual([
      ['abuse', third.address],
      ['postmaster', third.address],
    ]);
  });

  test('called postmaster needs no alias of that name', async () => {
    const domainId = await addDomain();
    const first = await addAccount(domainId, 'postmaster');
    expect(await aliasesOf(domainId)).toEqual([['abuse', first.address]]);
  });

  test.each([
    '',
    ' ',
    'a b',
    '.a',
    'a.',
    'a..b',
    'a+b',
    'a@b',
    'a"b',
    'a/b',
    'x'.repeat(65),
    'é'.repeat(33),
    'a\u202eb',
    '<a>',
  ])('called %j is refused on the field', async (localPart) => {
    const domainId = await addDomain();
    const refusal = createAccount(context, { domainId, localPart });
    await expect(refusal).rejects.toMatchObject({ code: 'invalid', fields: { localPart: expect.any(String) } });
  });

  test('may be called anything people are called', async () => {
    const domainId = await addDomain();
    for (const localPart of ["o'brien", 'jürgen', '田中', 'a', 'first.last-name_2', 'x'.repeat(64)]) {
      expect((await addAccount(domainId, localPart)).localPart).toBe(localPart);
    }
  });

  test('needs a password that keeps the rules, its own address excluded', async () => {
    const domainId = await addDomain();
    for (const password of ['short', `longenough@d${domains}.test`]) {
      const refusal = createAccount(context, { domainId, localPart: 'longenough', password });
      await expect(refusal).rejects.toMatchObject({ fields: { password: expect.any(String) } });
    }
  });
});

describe('at the same time', () => {
  test('ten makers of one address make it once, and the others are told it is taken', async () => {
    const domainId = await addDomain();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(addAccount(domainId, 'same'))));
    expect(outcomes.toSorted()).toEqual([...Array(9).fill('conflict'), 'done']);
    expect(await db.account.count({ where: { domainId: BigInt(domainId) } })).toBe(1);
  });

  test('an alias and a mailbox do not both get an address', async () => {
    const domainId = await addDomain();
    const { id } = await addAccount(domainId, 'holder');
    const outcomes = await Promise.all([
      outcomeOf(addAccount(domainId, 'wanted')),
      outcomeOf(createAlias(context, { domainId, localPart: 'wanted', targetIds: [id] })),
    ]);
    expect(outcomes.toSorted()).toEqual(['conflict', 'done']);
  });

  test("nobody gets past a domain's limit, nor a reseller's over several domains", async () => {
    const domainId = await addDomain({ maxAccounts: 3 });
    const inOne = Array.from({ length: 8 }, (_, index) => outcomeOf(addAccount(domainId, `user${index}`)));
    expect((await Promise.all(inOne)).filter((outcome) => outcome === 'done')).toHaveLength(3);
    const reseller = { email: 'limited@x.test', name: 'Limited', role: 'reseller', maxAccounts: 4 } as const;
    const { id: resellerId } = await createOperator(context, reseller);
    const both = [await addDomain({ resellerId }), await addDomain({ resellerId })];
    const inTwo = Array.from({ length: 10 }, (_, index) =>
      outcomeOf(addAccount(both[index % 2] ?? '', `user${index}`)),
    );
    const outcomes = await Promise.all(inTwo);
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(4);
    expect(outcomes.filter((outcome) => outcome === 'limit-reached')).toHaveLength(6);
  });

  test('a domain deleted under a mailbox being made has it with it or does not have it', async () => {
    const domainId = await addDomain();
    const made = Array.from({ length: 5 }, (_, index) => outcomeOf(addAccount(domainId, `user${index}`)));
    const outcomes = await Promise.all([...made, outcomeOf(deleteDomains(context, { ids: [domainId] }))]);
    const alive = await db.account.count({ where: { domainId: BigInt(domainId), deletedAt: null } });
    const taken = await db.account.count({ where: { domainId: BigInt(domainId), deletedWithDomain: true } });
    expect([alive, taken]).toEqual([0, outcomes.slice(0, 5).filter((outcome) => outcome === 'done').length]);
  });
});

describe('a deleted mailbox', () => {
  test('is gone from lists, comes back as it was, and its aliases with it', async () => {
    const domainId = await addDomain();
    const ann = await addAccount(domainId, 'ann');
    await createAlias(context, { domainId, localPart: 'sales', targetIds: [ann.id] });
    const { restorableUntil } = await deleteAccounts(context, { ids: [ann.id] });
    expect(Date.parse(restorableUntil) - clock.now().getTime()).toBe(30 * 86_400_000);
    expect((await listAccounts(context, { filters: { domainId } })).total).toBe(0);
    expect(await outcomeOf(getAccount(context, { id: ann.id }))).toBe('not-found');
    expect((await listDeleted(context, { search: ann.address })).rows).toMatchObject([
      { kind: 'account', id: ann.id, name: ann.address, restorableUntil },
    ]);
    expect(await aliasesOf(domainId)).toContainEqual(['sales']);
    await restoreAccounts(context, { ids: [ann.id] });
    expect(await getAccount(context, { id: ann.id })).toEqual(ann);
    expect(await aliasesOf(domainId)).toContainEqual(['sales', ann.address]);
    expect((await listDeleted(context, { search: ann.address })).total).toBe(0);
  });

  test('frees its address; then it cannot come back while the address is taken, and says why', async () => {
    const domainId = await addDomain();
    const old = await addAccount(domainId, 'ann');
    await deleteAccounts(context, { ids: [old.id] });
    const fresh = await addAccount(domainId, 'ann');
    await expect(restoreAccounts(context, { ids: [old.id] })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(old.address),
    });
    await deleteAccounts(context, { ids: [fresh.id] });
    const { id } = await createAlias(context, {
      domainId,
      localPart: 'ann',
      targetIds: [(await addAccount(domainId, 'ben')).id],
    });
    expect(await outcomeOf(restoreAccounts(context, { ids: [old.id] }))).toBe('conflict');
    await deleteAddresses(context, { ids: [id] });
    expect(await outcomeOf(restoreAccounts(context, { ids: [old.id, fresh.id] }))).toBe('conflict');
    expect(await outcomeOf(restoreAccounts(context, { ids: [old.id] }))).toBe('done');
  });

  test('cannot come back after its time, nor once it was purged', async () => {
    const domainId = await addDomain();
    const [late, purged] = [await addAccount(domainId, 'late'), await addAccount(domainId, 'purged')];
    await deleteAccounts(context, { ids: [late.id, purged.id] });
    await purgeAccounts(context, { ids: [purged.id] });
    expect(await outcomeOf(restoreAccounts(context, { ids: [purged.id] }))).toBe('not-found');
    expect((await listDeleted(context, { search: 'purged@' })).total).toBe(0);
    clock.advance(30 * 86_400_000);
    expect(await outcomeOf(restoreAccounts(context, { ids: [late.id] }))).toBe('not-found');
    expect((await listDeleted(context, { search: late.address })).total).toBe(0);
  });

  test('is restorable for as long as the setting said when it was deleted', async () => {
    await updateSetting(context, { key: 'mail.restoreDays', value: 2 });
    const { id } = await addAccount(await addDomain(), 'ann');
    const { restorableUntil } = await deleteAccounts(context, { ids: [id] });
    expect(Date.parse(restorableUntil) - clock.now().getTime()).toBe(2 * 86_400_000);
    await updateSetting(context, { key: 'mail.restoreDays', value: null });
  });

  test('does not come back over a limit, nor before its domain', async () => {
    const domainId = await addDomain({ maxAccounts: 1 });
    const old = await addAccount(domainId, 'old');
    await deleteAccounts(context, { ids: [old.id] });
    await addAccount(domainId, 'new');
    expect(await outcomeOf(restoreAccounts(context, { ids: [old.id] }))).toBe('limit-reached');
    await updateDomain(context, { id: domainId, maxAccounts: null });
    await deleteDomains(context, { ids: [domainId] });
    await expect(restoreAccounts(context, { ids: [old.id] })).rejects.toThrow(/restore the domain first/);
    await restoreDomains(context, { ids: [domainId] });
    expect(await outcomeOf(restoreAccounts(context, { ids: [old.id] }))).toBe('done');
  });

  test('deleted twice at once is deleted once', async () => {
    const { id } = await addAccount(await addDomain(), 'ann');
    const outcomes = await Promise.all([1, 2, 3].map(() => outcomeOf(deleteAccounts(context, { ids: [id] }))));
    expect(outcomes.toSorted()).toEqual(['done', 'not-found', 'not-found']);
    const back = await Promise.all([1, 2, 3].map(() => outcomeOf(restoreAccounts(context, { ids: [id] }))));
    expect(back.toSorted()).toEqual(['done', 'not-found', 'not-found']);
  });
});

test('a reset password replaces the old one and ends every session', async () => {
  const { id } = await addAccount(await addDomain(), 'ann');
  const auth = { db, now: clock.now };
  const session = await createWebSession(auth, { accountId: BigInt(id) }, {});
  const { generatedPassword } = await resetPassword(context, { id });
  const { passwordHash } = await db.account.findUniqueOrThrow({ where: { id: BigInt(id) } });
  expect((await verifyPassword(passwordHash, PASSWORD)).ok).toBe(false);
  expect((await verifyPassword(passwordHash, generatedPassword ?? '')).ok).toBe(true);
  expect(await findSessionActor(auth, session.id)).toBeNull();
});

test('the audit log names who and what, and no password', async () => {
  const domainId = await addDomain();
  const operatorId = (await createOperator(context, { email: 'auditor@x.test', name: 'A', role: 'admin' })).id;
  const admin = {
    ...context,
    actor: { kind: 'admin', operatorId: BigInt(operatorId), label: 'auditor@x.test' } as const,
    ip: '192.0.2.7',
  };
  const { generatedPassword } = await createAccount(admin, { domainId, localPart: 'watched' });
  const [event] = await db.auditEvent.findMany({ where: { actorLabel: 'auditor@x.test' } });
  expect(event).toMatchObject({
    operation: 'accounts.create',
    target: `watched@d${domains}.test`,
    ip: '192.0.2.7',
    actorKind: 'admin',
  });
  expect(JSON.stringify(event, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
    generatedPassword,
  );
  const before = await db.auditEvent.count();
  await outcomeOf(createAccount(admin, { domainId, localPart: 'watched' }));
  expect(await db.auditEvent.count()).toBe(before);
});

describe('a list of mailboxes', () => {
  let domainId: string;
  beforeAll(async () => {
    domainId = await addDomain();
    for (const [index, localPart] of ['alpha', 'beta', 'gamma_x', 'delta%x', 'epsilon'].entries()) {
      if (localPart.includes('%')) continue;
      const { id } = await addAccount(domainId, localPart);
      await updateAccount(context, { id, displayName: `Person ${9 - index}`, quotaBytes: index * 100 });
      await db.accountUsage.update({ where: { accountId: BigInt(id) }, data: { sizeBytes: BigInt((index * 7) % 5) } });
    }
  });
  const names = async (given: Parameters<typeof listAccounts>[1]) =>
    (await listAccounts(context, { ...given, filters: { domainId, ...given.filters } })).rows.map(
      (row) => row.localPart,
    );

  test('is sorted and paged in the database', async () => {
    expect(await names({})).toEqual(['alpha', 'beta', 'epsilon', 'gamma_x']);
    expect(await names({ sort: 'displayName' })).toEqual(['epsilon', 'gamma_x', 'beta', 'alpha']);
    expect(await names({ sort: 'quotaBytes', direction: 'desc' })).toEqual(['epsilon', 'gamma_x', 'beta', 'alpha']);
    expect(await names({ sort: 'usedBytes', direction: 'desc' })).toEqual(['gamma_x', 'epsilon', 'beta', 'alpha']);
    expect(await names({ page: 2, pageSize: 3 })).toEqual(['gamma_x']);
    expect(await names({ page: 1_000 })).toEqual([]);
    expect((await listAccounts(context, { filters: { domainId }, page: 2, pageSize: 3 })).total).toBe(4);
  });

  test('is searched in address and name, wildcards taken literally', async () => {
    expect(await names({ search: 'ETA' })).toEqual(['beta']);
    expect(await names({ search: 'person 9' })).toEqual(['alpha']);
    expect(await names({ search: 'a_x' })).toEqual(['gamma_x']);
    expect(await names({ search: '%' })).toEqual([]);
    expect(await names({ search: 'bet_' })).toEqual([]);
  });
});
