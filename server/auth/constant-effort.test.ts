import { afterAll, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { suspendAccounts } from '../accounts/suspend-accounts.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { contextOf, createReseller, createTenant, PASSWORD, type Tenant } from '../testing/tenants.ts';
import { createAuthenticator } from './create-authenticator.ts';
import { createSignIn } from './create-sign-in.ts';

const costs = vi.hoisted(() => [] as string[]);
vi.mock('./password.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('./password.ts')>();
  return {
    ...original,
    verifyPassword: (hash: string, password: string) => {
      costs.push(hash.split('$').slice(1, 4).join('$'));
      return original.verifyPassword(hash, password);
    },
  };
});

const proofs = vi.hoisted(() => ({ count: 0 }));
vi.mock('./scram.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('./scram.ts')>();
  return {
    ...original,
    verifyScramProof: (...given: Parameters<typeof original.verifyScramProof>) => {
      proofs.count += 1;
      return original.verifyScramProof(...given);
    },
  };
});

let database: TestDatabase;
let db: PrismaClient;
let tenant: Tenant;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  tenant = await createTenant(db, 'effort.test', await createReseller(db, 'reseller@effort.test'));
  await suspendAccounts(contextOf(db), { ids: [tenant.otherAccountId] });
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});
beforeEach(async () => {
  await db.loginFailure.deleteMany();
});

const ATTEMPT = { service: 'imap', mechanism: 'PLAIN', peer: '192.0.2.1' } as const;

/** Known, suspended, alias, deleted, unknown, an operator without a password, not hosted, no address at all. */
const LOGINS = ['ann', 'ben', 'team', 'gone', 'nobody', 'owner']
  .map((name) => `${name}@effort.test`)
  .concat('ann@elsewhere.test', 'ann');

test('a mail client waits for one verification of the same cost, whoever it asks for', async () => {
  const authenticator = createAuthenticator({ db, secret: 'x'.repeat(32), now: () => new Date() });
  for (const login of LOGINS) {
    costs.length = 0;
    await authenticator.checkPassword({ login, password: 'not the password', ...ATTEMPT });
    expect([login, ...costs]).toEqual([login, 'argon2id$v=19$m=19456,t=2,p=1']);
  }
});

test('a browser waits for two, whoever it asks for and whichever fits', async () => {
  const signIn = createSignIn({ db, now: () => new Date() });
  for (const [login, password] of [
    ...LOGINS.map((each) => [each, 'not the password']),
    ['ann@effort.test', PASSWORD],
  ]) {
    costs.length = 0;
    await signIn({ login: login ?? '', password: password ?? '', ip: '192.0.2.1' });
    expect([login, ...costs]).toEqual([login, ...Array(2).fill('argon2id$v=19$m=19456,t=2,p=1')]);
  }
});

test('a proof of SCRAM is held against keys, whoever it is for', async () => {
  const authenticator = createAuthenticator({ db, secret: 'x'.repeat(32), now: () => new Date() });
  for (const login of LOGINS) {
    proofs.count = 0;
    const opened = await authenticator.openScram({ login, ...ATTEMPT });
    if (opened === 'throttled') throw new Error('throttled');
    expect((await opened.judge('message', Buffer.alloc(32))).result.ok).toBe(false);
    await opened.close();
    expect([login, proofs.count]).toEqual([login, 1]);
    await db.loginFailure.deleteMany();
  }
});
