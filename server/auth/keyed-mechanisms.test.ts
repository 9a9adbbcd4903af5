import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createAccount } from '../accounts/create-account.ts';
import { resetPassword } from '../accounts/reset-password.ts';
import { suspendAccounts } from '../accounts/suspend-accounts.ts';
import { updateSetting } from '../settings/update-setting.ts';
import { openSignIn, type SignInStage } from '../testing/open-sign-in.ts';
import { contextOf, PASSWORD, SECRET } from '../testing/tenants.ts';
import { createAuthenticator } from './create-authenticator.ts';
import { pruneSignInKeys } from './prune-sign-in-keys.ts';

const ANN = 'ann@keyed.test';
const ATTEMPT = { service: 'imap', peer: '192.0.2.1' } as const;
const WRONG = { ok: false, reason: 'wrong' };

let t: SignInStage;
beforeAll(async () => {
  t = await openSignIn(inject('clusterUrl'), 'keyed.test');
});
afterAll(() => t.close());
beforeEach(() => t.restart());

describe('SCRAM', () => {
  const open = (login = ANN) => t.authenticator.openScram({ login, mechanism: 'SCRAM-SHA-256', ...ATTEMPT });
  const requireOpen = async (login = ANN) => {
    const opened = await open(login);
    if (opened === 'throttled') throw new Error('throttled');
    return opened;
  };
  const guess = async (login = ANN) => {
    const opened = await requireOpen(login);
    const { result } = await opened.judge('message', Buffer.alloc(32));
    await opened.close();
    return result;
  };

  test('tells a name without a mailbox a salt, the same in every spelling, every engine and every time', async () => {
    const another = createAuthenticator({ db: t.db, secret: SECRET, now: t.clock.now });
    for (const login of ['nobody@keyed.test', 'team@keyed.test', 'gone@keyed.test', 'nobody@b\u00fccher.test', 'x']) {
      const first = await requireOpen(login);
      const spelt = login.toUpperCase();
      const second = await another.openScram({ login: spelt, mechanism: 'SCRAM-SHA-256', ...ATTEMPT });
      expect(second).toMatchObject({ salt: first.salt, iterations: first.iterations });
      expect(first.salt).toHaveLength((await requireOpen()).salt.length);
      expect(first.iterations).toBe((await requireOpen()).iterations);
    }
  });

  test('guesses are counted, and the blocked are told no salt', async () => {
    for (let index = 0; index < 5; index += 1) expect(await guess()).toEqual(WRONG);
    expect(await open()).toBe('throttled');
    for (let index = 0; index < 5; index += 1) expect(await guess('nobody@keyed.test')).toEqual(WRONG);
    expect(await open('nobody@keyed.test')).toBe('throttled');
  });

  test('an exchange that comes to no judgement is counted too', async () => {
    for (let index = 0; index < 5; index += 1) await (await requireOpen()).close();
    expect(await open()).toBe('throttled');
  });

  test('exchanges opened side by side are judged one after the other', async () => {
    const opened = await Promise.all(Array.from({ length: 12 }, () => requireOpen()));
    const judged = await Promise.all(opened.map((exchange) => exchange.judge('message', Buffer.alloc(32))));
    const reasons = judged.map(({ result }) => (result.ok ? 'ok' : result.reason));
    expect(reasons.filter((reason) => reason === 'wrong')).toHaveLength(5);
    expect(reasons.filter((reason) => reason === 'throttled')).toHaveLength(7);
    expect(judged.every(({ serverSignature }) => serverSignature === null)).toBe(true);
  });

  test('a mailbox without keys is like none, until its password comes by another mechanism', async () => {
    const id = BigInt(t.tenant.otherAccountId);
    await t.db.account.update({ where: { id }, data: { scramSha256: null } });
    expect(await guess('ben@keyed.test')).toEqual(WRONG);
    const before = await t.db.account.findUniqueOrThrow({ where: { id } });
    const given = { login: 'ben@keyed.test', password: PASSWORD, mechanism: 'PLAIN', ...ATTEMPT };
    expect((await t.authenticator.checkPassword(given)).ok).toBe(true);
    const after = await t.db.account.findUniqueOrThrow({ where: { id } });
    expect(after.scramSha256).toMatch(/^SCRAM-SHA-256\$/);
    expect(after.credentialsVersion).toBe(before.credentialsVersion);
  });
});

describe('CRAM-MD5', () => {
  const challenge = Buffer.from('<1@mail.test>');
  const check = (password: string, login = ANN) => {
    const digest = createHmac('md5', password).update(challenge).digest('hex');
    return t.authenticator.checkCramMd5({ login, challenge, digest, mechanism: 'CRAM-MD5', ...ATTEMPT });
  };
  const context = () => ({ ...contextOf(t.db), secret: SECRET });
  const offer = (isOffered: boolean) => updateSetting(context(), { key: 'auth.cramMd5', value: isOffered });

  test('is right only where a key was kept, which is for passwords set while it is offered', async () => {
    expect(await check(PASSWORD)).toEqual(WRONG);
    await offer(true);
    expect(await check(PASSWORD)).toEqual(WRONG);
    await resetPassword(context(), { id: t.tenant.accountId, password: PASSWORD });
    expect(await check(PASSWORD)).toMatchObject({ ok: true, account: { address: ANN, proof: { kind: 'password' } } });
    expect(await check('another')).toEqual(WRONG);
    const { account } = await createAccount(context(), {
      domainId: t.tenant.domainId,
      localPart: 'cram',
      password: PASSWORD,
    });
    expect((await check(PASSWORD, 'cram@keyed.test')).ok).toBe(true);
    await suspendAccounts(context(), { ids: [account.id] });
    expect(await check(PASSWORD, 'cram@keyed.test')).toEqual({ ok: false, reason: 'suspended' });
  });

  test('guesses are counted, at names that are not here too', async () => {
    for (const login of [ANN, 'nobody@keyed.test']) {
      for (let index = 0; index < 5; index += 1) expect(await check(`guess ${index}`, login)).toEqual(WRONG);
      expect(await check(PASSWORD, login)).toEqual({ ok: false, reason: 'throttled' });
    }
  });

  test('leaves no key behind when it is no longer offered', async () => {
    const keys = () => t.db.account.count({ where: { cramMd5: { not: null } } });
    expect(await keys()).toBe(2);
    expect(await pruneSignInKeys({ db: t.db, now: t.clock.now })).toBe(0);
    await offer(false);
    expect(await pruneSignInKeys({ db: t.db, now: t.clock.now })).toBe(2);
    expect(await keys()).toBe(0);
    await resetPassword(contextOf(t.db), { id: t.tenant.accountId, password: PASSWORD });
    expect(await keys()).toBe(0);
  });

  test('keeps no key without the installation’s secret, and says so', async () => {
    await offer(true);
    const { secret: _, ...without } = context();
    await expect(resetPassword(without, { id: t.tenant.accountId })).rejects.toThrow(/installation’s secret/);
    await offer(false);
  });
});
