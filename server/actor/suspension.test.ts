import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { deleteAccounts } from '../accounts/delete-accounts.ts';
import { getAccount } from '../accounts/get-account.ts';
import { restoreAccounts } from '../accounts/restore-accounts.ts';
import { resumeAccounts } from '../accounts/resume-accounts.ts';
import { suspendAccounts } from '../accounts/suspend-accounts.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { resumeDomains } from '../domains/resume-domains.ts';
import { suspendDomains } from '../domains/suspend-domains.ts';
import { outcomeOf } from '../testing/refusal.ts';
import { contextOf, createReseller, createTenant, type Tenant } from '../testing/tenants.ts';

let database: TestDatabase;
let db: PrismaClient;
let tenant: Tenant;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  tenant = await createTenant(db, 'held.test', await createReseller(db, 'reseller@held.test'));
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const isSuspended = async () => (await getAccount(contextOf(db), { id: tenant.accountId })).suspendedAt !== null;

test('what the host suspended, its clients cannot resume, by no detour', async () => {
  const ids = [tenant.accountId];
  const [host, owner] = [contextOf(db), contextOf(db, tenant.actors['domain-owner'])];
  await suspendAccounts(host, { ids });
  expect(await outcomeOf(resumeAccounts(owner, { ids }))).toBe('forbidden');
  await suspendAccounts(owner, { ids });
  expect(await outcomeOf(resumeAccounts(owner, { ids }))).toBe('forbidden');
  await deleteAccounts(owner, { ids });
  await restoreAccounts(owner, { ids });
  expect(await isSuspended()).toBe(true);
  expect(await outcomeOf(resumeAccounts(owner, { ids }))).toBe('forbidden');
  await resumeAccounts(host, { ids });
  expect(await isSuspended()).toBe(false);
});

test('what a client suspended, the client resumes, unless the host took it over', async () => {
  const ids = [tenant.accountId];
  const [reseller, owner] = [contextOf(db, tenant.actors.reseller), contextOf(db, tenant.actors['domain-owner'])];
  await suspendAccounts(owner, { ids });
  await resumeAccounts(owner, { ids });
  await suspendAccounts(owner, { ids });
  await suspendAccounts(reseller, { ids });
  expect(await outcomeOf(resumeAccounts(owner, { ids }))).toBe('forbidden');
  await resumeAccounts(reseller, { ids });
  expect(await isSuspended()).toBe(false);
});

test('a domain likewise', async () => {
  const ids = [tenant.domainId];
  const reseller = contextOf(db, tenant.actors.reseller);
  await suspendDomains(contextOf(db), { ids });
  expect(await outcomeOf(resumeDomains(reseller, { ids }))).toBe('forbidden');
  await resumeDomains(contextOf(db), { ids });
  await suspendDomains(reseller, { ids });
  expect(await outcomeOf(resumeDomains(reseller, { ids }))).toBe('done');
});
