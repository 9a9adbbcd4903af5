import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { suspendAccounts } from '../../accounts/suspend-accounts.ts';
import { createPool } from '../../database/pool.ts';
import { createPrisma, type PrismaClient } from '../../database/prisma.ts';
import type { AuthenticatedAccount } from '../../directory/types.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { outcomeOf } from '../../testing/refusal.ts';
import { contextOf, createReseller, createTenant, type Tenant } from '../../testing/tenants.ts';
import { listOpenings } from '../pop-before-smtp/list-openings.ts';
import { createRelayGate, type RelayGate } from '../pop-before-smtp/open-relay.ts';
import { pruneOpenings } from '../pop-before-smtp/prune-openings.ts';
import { revokeOpenings } from '../pop-before-smtp/revoke-openings.ts';
import { restoreVersion } from '../restore-version.ts';
import { saveRules } from '../save-rules.ts';
import { testRules } from '../test-rules.ts';
import type { AccessService } from '../types.ts';
import { createAccessPolicy, type LiveAccessPolicy } from './create-access-policy.ts';

const MINUTE_MS = 60_000;

let database: TestDatabase;
let db: PrismaClient;
let pool: Pool;
let tenant: Tenant;
let stranger: Tenant;
/** Two nodes. */
let policy: LiveAccessPolicy;
let elsewhere: LiveAccessPolicy;
let gate: RelayGate;
let ann: AuthenticatedAccount;
const clock = createManualClock(Date.now());

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 3);
  pool = createPool({ connectionString: database.url, max: 4 });
  const reseller = await createReseller(db, 'first@resellers.test');
  tenant = await createTenant(db, 'ours.test', reseller);
  stranger = await createTenant(db, 'foreign.test', await createReseller(db, 'second@resellers.test'));
  const options = { pool, listenUrl: database.url, now: clock.now };
  policy = await createAccessPolicy(options);
  elsewhere = await createAccessPolicy(options);
  const settings = () => ({ minutes: 180, notClients: ['203.0.113.0/24'] });
  gate = createRelayGate({ pool, policy, settings, now: clock.now });
  const proof = { kind: 'password', credentialsVersion: 0 } as const;
  ann = { accountId: Number(tenant.accountId), domainId: Number(tenant.domainId), address: 'ann@ours.test', proof };
});
afterAll(async () => {
  await policy.close();
  await elsewhere.close();
  await pool.end();
  await db.$disconnect();
  await database.drop();
});
beforeEach(async () => {
  await pool.query('DELETE FROM relay_opening');
});

const decide = (address: string, node = policy, service: AccessService = 'smtp') =>
  node.decide(service, { address, hostname: null });
const isOpen = (address: string, node = policy): boolean =>
  node.openUntil(address, ann.accountId) > clock.now().getTime();
const rows = async () =>
  (await pool.query('SELECT host(address) AS client, opened_at, expires_at FROM relay_opening')).rows;

/** Signs in and waits until both nodes know. */
async function signIn(peer: string): Promise<void> {
  await gate.noteSignIn(ann, peer, 'pop3');
  for (const node of [policy, elsewhere]) await expect.poll(() => isOpen(peer, node)).toBe(true);
}

describe('rules', () => {
  test('saved hold on every node, each for its service', async () => {
    const context = contextOf(db);
    const text = '198.51.100.:deny\n198.51.100.7:allow,RELAYCLIENT="",FOO="bar"\n:allow';
    await saveRules(context, { service: 'smtp', text });
    for (const node of [policy, elsewhere]) {
      await expect.poll(() => decide('198.51.100.8', node).allow).toBe(false);
      expect(decide('198.51.100.7', node)).toEqual({
        allow: true,
        rule: '198.51.100.7',
        variables: new Map([
          ['RELAYCLIENT', ''],
          ['FOO', 'bar'],
        ]),
      });
      expect(decide('198.51.100.8', node, 'imap').allow).toBe(true);
    }
    await restoreVersion(context, { service: 'smtp', version: null });
    await expect.poll(() => decide('198.51.100.8').allow).toBe(true);
  });

  test('that do not parse never take effect', async () => {
    await pool.query(
      `INSERT INTO access_rules (service, text, saved_at, saved_by) VALUES ('pop3', ':deny', now(), 'x')`,
    );
    await expect.poll(() => decide('192.0.2.9', policy, 'pop3').allow).toBe(false);
    await pool.query(
      `INSERT INTO access_rules (service, text, saved_at, saved_by) VALUES ('pop3', ':allows', now(), 'x')`,
    );
    await saveRules(contextOf(db), { service: 'imap', text: '192.0.2.9:deny\n:allow' });
    await expect.poll(() => decide('192.0.2.9', policy, 'imap').allow).toBe(false);
    expect(decide('192.0.2.9', policy, 'pop3').allow).toBe(false);
  });

  test('that cannot be read keep the engine from starting', async () => {
    const broken = createPool({ connectionString: 'postgres://127.0.0.1:1/none', max: 1 });
    await expect(createAccessPolicy({ pool: broken, listenUrl: 'postgres://127.0.0.1:1/none' })).rejects.toThrow();
    await broken.end();
  });
});

describe('a sign-in', () => {
  test('opens relaying for its address on every node, for the set time and not a moment longer', async () => {
    await signIn('198.51.100.20');
    expect(decide('198.51.100.20')).toMatchObject({
      allow: true,
      rule: '198.51.100.20',
      openedBy: [{ accountId: ann.accountId, address: 'ann@ours.test' }],
    });
    expect([...decide('198.51.100.20').variables]).toEqual([
      ['RELAYCLIENT', ''],
      ['RBLSMTPD', ''],
    ]);
    expect(decide('198.51.100.21').openedBy).toBeUndefined();
    expect(decide('198.51.100.20', policy, 'submission').openedBy).toBeUndefined();
    clock.advance(180 * MINUTE_MS - 1);
    expect(isOpen('198.51.100.20')).toBe(true);
    clock.advance(1);
    // Its row is still there: that does not make it true.
    expect(await rows()).toHaveLength(1);
    for (const node of [policy, elsewhere]) expect(decide('198.51.100.20', node).openedBy).toBeUndefined();
    expect((await listOpenings(contextOf(db, undefined, clock.now), {})).total).toBe(0);
    expect(await pruneOpenings(db, clock.now())).toBe(1);
    expect(await rows()).toHaveLength(0);
  });

  test('overrides the static rules of its address, allowing what they deny', async () => {
    await saveRules(contextOf(db), { service: 'smtp', text: '198.51.100.30:deny\n198.51.100.:deny\n:allow' });
    await expect.poll(() => decide('198.51.100.30').allow).toBe(false);
    await signIn('198.51.100.30');
    expect(decide('198.51.100.30').allow).toBe(true);
    const asked = await testRules(contextOf(db, undefined, clock.now), { service: 'smtp', address: '198.51.100.30' });
    expect(asked).toMatchObject({
      allow: true,
      decidedBy: 'opening',
      openedBy: [{ address: 'ann@ours.test' }],
      rule: { line: 1, text: '198.51.100.30:deny' },
    });
    await restoreVersion(contextOf(db), { service: 'smtp', version: null });
  });

  test('takes nothing from a rule that lets relay: of a trusted machine nobody loses it by a sign-in from there', async () => {
    const text = '198.51.100.35:allow,RELAYCLIENT="",DATABYTES="7"\n:allow';
    await saveRules(contextOf(db), { service: 'smtp', text });
    await expect.poll(() => decide('198.51.100.35').rule).toBe('198.51.100.35');
    await signIn('198.51.100.35');
    expect(decide('198.51.100.35').openedBy).toBeUndefined();
    expect(decide('198.51.100.35').variables.get('DATABYTES')).toBe('7');
    const asked = await testRules(contextOf(db, undefined, clock.now), { service: 'smtp', address: '198.51.100.35' });
    expect(asked).toMatchObject({ allow: true, decidedBy: 'rule', openedBy: [] });
    await restoreVersion(contextOf(db), { service: 'smtp', version: null });
    await expect.poll(() => decide('198.51.100.35').openedBy).toHaveLength(1);
  });

  test('again within minutes writes nothing, later makes the time longer', async () => {
    await signIn('198.51.100.40');
    const [first] = await rows();
    clock.advance(4 * MINUTE_MS);
    await gate.noteSignIn(ann, '198.51.100.40', 'imap');
    expect(await rows()).toEqual([first]);
    clock.advance(2 * MINUTE_MS);
    await gate.noteSignIn(ann, '198.51.100.40', 'imap');
    const [later] = await rows();
    expect(later.opened_at).toEqual(first.opened_at);
    expect(later.expires_at.getTime() - first.expires_at.getTime()).toBe(6 * MINUTE_MS);
  });

  test('by IPv6 opens for exactly its address', async () => {
    await signIn('2001:db8::7');
    expect(decide('2001:db8::7').openedBy).toHaveLength(1);
    expect(decide('2001:db8::8').openedBy).toBeUndefined();
  });

  test.each([
    ['from loopback', '127.0.0.1', {}],
    ['from IPv6 loopback', '::1', {}],
    ['from a proxy or webmail', '203.0.113.9', {}],
    ['with a token of webmail', '198.51.100.50', { proof: { kind: 'token', sessionId: 'x' } }],
    ['with an app password', '198.51.100.50', { proof: { kind: 'app-password', appPasswordId: 1, peer: 'x' } }],
    ['with a password that was changed since', '198.51.100.50', { proof: { kind: 'password', credentialsVersion: 7 } }],
  ] as const)('%s opens nothing', async (_, peer, changes) => {
    await gate.noteSignIn({ ...ann, ...changes } as AuthenticatedAccount, peer, 'pop3');
    expect(await rows()).toEqual([]);
  });

  test('of an account that may not, or in a domain that does not want it, opens nothing and ends what is open', async () => {
    const [accountId, domainId] = [BigInt(tenant.accountId), BigInt(tenant.domainId)];
    await signIn('198.51.100.60');
    await db.account.update({ where: { id: accountId }, data: { noRelay: true } });
    for (const node of [policy, elsewhere]) await expect.poll(() => isOpen('198.51.100.60', node)).toBe(false);
    await gate.noteSignIn(ann, '198.51.100.61', 'pop3');
    expect(await rows()).toHaveLength(1);
    await db.account.update({ where: { id: accountId }, data: { noRelay: false } });
    await expect.poll(() => isOpen('198.51.100.60')).toBe(true);
    await db.domain.update({ where: { id: domainId }, data: { popBeforeSmtp: false } });
    await expect.poll(() => isOpen('198.51.100.60')).toBe(false);
    await gate.noteSignIn(ann, '198.51.100.61', 'pop3');
    expect(await rows()).toHaveLength(1);
    await db.domain.update({ where: { id: domainId }, data: { popBeforeSmtp: true } });
    await expect.poll(() => policy.wantsOpening(ann.domainId)).toBe(true);
  });

  test.each([
    [
      'a new password',
      '198.51.100.70',
      () => db.account.updateMany({ data: { credentialsVersion: { increment: 1 } } }),
    ],
    [
      'a suspended mailbox',
      '198.51.100.71',
      () => suspendAccounts(contextOf(db), { ids: [stranger.accountId, tenant.accountId] }),
    ],
    [
      'a mailbox that takes app passwords only',
      '198.51.100.72',
      () => db.account.updateMany({ data: { appPasswordsOnly: true } }),
    ],
  ])('loses its opening by %s', async (_, peer, change) => {
    await signIn(peer);
    await change();
    for (const node of [policy, elsewhere]) await expect.poll(() => isOpen(peer, node)).toBe(false);
    await pool.query('UPDATE account SET credentials_version = 0, suspended_at = NULL, app_passwords_only = false');
    await expect.poll(() => isOpen(peer)).toBe(true);
  });
});

describe('an opening in the panel', () => {
  const shown = async (actor?: Tenant) => {
    const context = contextOf(db, actor?.actors['domain-owner'], clock.now);
    return (await listOpenings(context, { sort: 'account' })).rows.map(
      ({ address, account }) => `${account} ${address}`,
    );
  };
  const other = () => ({ ...ann, accountId: Number(stranger.accountId), domainId: Number(stranger.domainId) });

  test('is seen and ended by those whose it is', async () => {
    await signIn('198.51.100.80');
    await gate.noteSignIn(other(), '198.51.100.80', 'imap');
    expect(await shown()).toEqual(['ann@foreign.test 198.51.100.80', 'ann@ours.test 198.51.100.80']);
    expect(await shown(tenant)).toEqual(['ann@ours.test 198.51.100.80']);
    await expect.poll(() => decide('198.51.100.80').openedBy).toHaveLength(2);

    const ids = [`${tenant.accountId}@198.51.100.80`];
    expect(await outcomeOf(revokeOpenings(contextOf(db, stranger.actors['domain-owner']), { ids }))).toBe('not-found');
    await revokeOpenings(contextOf(db, tenant.actors['domain-owner']), { ids });
    for (const node of [policy, elsewhere]) {
      await expect.poll(() => decide('198.51.100.80', node).openedBy).toMatchObject([{ address: 'ann@foreign.test' }]);
    }
    expect(await shown(tenant)).toEqual([]);
    // The next sign-in opens anew.
    await signIn('198.51.100.80');
  });

  test('is found by address and by account', async () => {
    await signIn('198.51.100.90');
    await signIn('198.51.100.91');
    const search = async (text: string) =>
      (await listOpenings(contextOf(db, undefined, clock.now), { search: text })).total;
    expect(await Promise.all(['100.91', 'ann@ours', '%', 'zz'].map(search))).toEqual([1, 2, 0, 0]);
  });
});
