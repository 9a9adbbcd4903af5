import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { deleteAccounts } from '../accounts/delete-accounts.ts';
import { resumeAccounts } from '../accounts/resume-accounts.ts';
import { suspendAccounts } from '../accounts/suspend-accounts.ts';
import { deleteDomains } from '../domains/delete-domains.ts';
import { restoreDomains } from '../domains/restore-domains.ts';
import { resumeDomains } from '../domains/resume-domains.ts';
import { suspendDomains } from '../domains/suspend-domains.ts';
import { openSignIn, type SignInStage } from '../testing/open-sign-in.ts';
import { contextOf, PASSWORD, SECRET } from '../testing/tenants.ts';
import { createAccessTokens } from './access-token.ts';
import { verifyPassword } from './password.ts';
import { createWebSession, revokeSessions } from './web-session.ts';

const ANN = 'ann@auth.test';

let t: SignInStage;
beforeAll(async () => {
  t = await openSignIn(inject('clusterUrl'), 'auth.test');
});
afterAll(() => t.close());
beforeEach(() => t.restart());

function check(address: string, password: string, peer = '192.0.2.1') {
  return t.authenticator.checkPassword({ login: address, password, service: 'imap', mechanism: 'PLAIN', peer });
}

async function failTimes(times: number, address = ANN, peer = '192.0.2.1'): Promise<string[]> {
  const reasons: string[] = [];
  for (let index = 0; index < times; index += 1) {
    const result = await check(address, `wrong ${index}`, peer);
    reasons.push(result.ok ? 'ok' : result.reason);
  }
  return reasons;
}

describe('a password', () => {
  test('signs its account in, however the address is spelt', async () => {
    const proof = { kind: 'password', credentialsVersion: 0 };
    const account = { accountId: Number(t.tenant.accountId), domainId: Number(t.tenant.domainId), address: ANN, proof };
    expect(await check(ANN, PASSWORD)).toEqual({ ok: true, account });
    expect(await check('Ann@AUTH.Test', PASSWORD)).toEqual({ ok: true, account });
  });

  test.each([
    ['wrong', ANN, 'something else'],
    ['empty', ANN, ''],
    ['of an unknown address', 'nobody@auth.test', PASSWORD],
    ['of an alias', 'team@auth.test', PASSWORD],
    ['of a deleted mailbox', 'gone@auth.test', PASSWORD],
    ['of a domain elsewhere', 'ann@elsewhere.test', PASSWORD],
    ['for a login that is no address', 'ann', PASSWORD],
    ['for a login of a megabyte', 'a'.repeat(1_000_000), PASSWORD],
    ['with a NUL in the login', 'ann\0@auth.test', PASSWORD],
  ])('that is %s is wrong, and never more is said', async (_, address, password) => {
    expect(await check(address, password)).toEqual({ ok: false, reason: 'wrong' });
  });

  test('notes the sign-in at most once a minute', async () => {
    const noted = async () =>
      (await t.db.account.findUniqueOrThrow({ where: { id: BigInt(t.tenant.accountId) } })).lastLoginAt;
    await check(ANN, PASSWORD);
    const first = await noted();
    expect(first).toEqual(t.clock.now());
    t.clock.advance(59_000);
    await check(ANN, PASSWORD);
    expect(await noted()).toEqual(first);
    t.clock.advance(1_000);
    await check(ANN, PASSWORD);
    expect(await noted()).toEqual(t.clock.now());
  });

  test('whose hash is of another cost is hashed anew at sign-in', async () => {
    const id = BigInt(t.tenant.otherAccountId);
    const weak = '$argon2id$v=19$m=64,t=1,p=1$BwcHBwcHBwcHBwcHBwcHBw$';
    const { argon2Sync } = await import('node:crypto');
    const nonce = Buffer.alloc(16, 7);
    const tag = argon2Sync('argon2id', {
      message: PASSWORD,
      nonce,
      parallelism: 1,
      tagLength: 32,
      memory: 64,
      passes: 1,
    });
    const passwordHash = weak + tag.toString('base64').replaceAll('=', '');
    await t.db.account.update({ where: { id }, data: { passwordHash, scramSha256: null } });
    expect((await check('ben@auth.test', 'not this')).ok).toBe(false);
    expect((await t.db.account.findUniqueOrThrow({ where: { id } })).passwordHash).toBe(passwordHash);
    expect((await check('ben@auth.test', PASSWORD)).ok).toBe(true);
    const renewed = await t.db.account.findUniqueOrThrow({ where: { id } });
    expect(await verifyPassword(renewed.passwordHash, PASSWORD)).toEqual({ ok: true, needsRehash: false });
    expect(renewed.scramSha256).toMatch(/^SCRAM-SHA-256\$/);
  });
});

describe('who is suspended or deleted', () => {
  test('is told of the suspension only with the right password', async () => {
    const context = contextOf(t.db);
    for (const [suspend, resume, ids] of [
      [suspendAccounts, resumeAccounts, [t.tenant.accountId]],
      [suspendDomains, resumeDomains, [t.tenant.domainId]],
    ] as const) {
      await suspend(context, { ids: [...ids] });
      expect(await check(ANN, PASSWORD)).toEqual({ ok: false, reason: 'suspended' });
      expect(await check(ANN, 'something else')).toEqual({ ok: false, reason: 'wrong' });
      await resume(context, { ids: [...ids] });
      expect((await check(ANN, PASSWORD)).ok).toBe(true);
    }
  });

  test('with its domain is as unknown as anybody', async () => {
    await deleteDomains(contextOf(t.db), { ids: [t.tenant.domainId] });
    expect(await check(ANN, PASSWORD)).toEqual({ ok: false, reason: 'wrong' });
    await restoreDomains(contextOf(t.db), { ids: [t.tenant.domainId] });
    expect((await check(ANN, PASSWORD)).ok).toBe(true);
  });
});

describe('guessing', () => {
  test('at one account is blocked after five failures, for a time that doubles', async () => {
    expect(await failTimes(6)).toEqual([...Array(5).fill('wrong'), 'throttled']);
    expect(await check(ANN, PASSWORD)).toEqual({ ok: false, reason: 'throttled' });
    t.clock.advance(9_999);
    expect(await check(ANN, PASSWORD)).toEqual({ ok: false, reason: 'throttled' });
    t.clock.advance(1);
    expect(await failTimes(2)).toEqual(['wrong', 'throttled']);
    t.clock.advance(19_999);
    expect(await failTimes(1)).toEqual(['throttled']);
    t.clock.advance(1);
    expect((await check(ANN, PASSWORD)).ok).toBe(true);
  });

  test('never blocks a way to an account for more than a quarter of an hour', async () => {
    await failTimes(5);
    for (let round = 0; round < 12; round += 1) {
      t.clock.advance(15 * 60_000);
      expect(await failTimes(1)).toEqual(['wrong']);
    }
    t.clock.advance(15 * 60_000 - 1);
    expect(await check(ANN, PASSWORD)).toEqual({ ok: false, reason: 'throttled' });
    t.clock.advance(1);
    expect((await check(ANN, PASSWORD)).ok).toBe(true);
  });

  test('from one network does not lock the owner out elsewhere', async () => {
    expect(await failTimes(6)).toEqual([...Array(5).fill('wrong'), 'throttled']);
    expect((await check(ANN, PASSWORD, '198.51.100.1')).ok).toBe(true);
    expect(await check(ANN, PASSWORD)).toEqual({ ok: false, reason: 'throttled' });
  });

  test('is counted across spellings and for addresses that do not exist', async () => {
    await failTimes(3);
    await failTimes(2, 'ANN@AUTH.TEST');
    expect(await check(ANN, PASSWORD)).toEqual({ ok: false, reason: 'throttled' });
    expect(await failTimes(6, 'nobody@auth.test', '192.0.2.2')).toEqual([...Array(5).fill('wrong'), 'throttled']);
  });

  test('at many accounts blocks the network, others are served, and a right password in between does not help', async () => {
    for (let index = 0; index < 19; index += 1) {
      await failTimes(1, `user${index}@auth.test`, `2001:db8::${index + 1}`);
      if (index === 10) expect((await check(ANN, PASSWORD, '2001:db8::99')).ok).toBe(true);
    }
    expect((await check(ANN, PASSWORD, '2001:db8::99')).ok).toBe(true);
    await failTimes(1, 'user99@auth.test', '2001:db8::100');
    expect(await check(ANN, PASSWORD, '2001:db8:0:0:1::')).toEqual({ ok: false, reason: 'throttled' });
    expect((await check(ANN, PASSWORD, '2001:db8:0:1::')).ok).toBe(true);
  });

  test('is forgotten after six quiet hours', async () => {
    await failTimes(4);
    t.clock.advance(6 * 3_600_000 + 1);
    expect(await failTimes(5)).toEqual(Array(5).fill('wrong'));
  });

  test('in parallel is counted like guessing in a row', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => check(ANN, `guess ${index}`)));
    const reasons = results.map((result) => (result.ok ? 'ok' : result.reason));
    expect(reasons.filter((reason) => reason === 'wrong')).toHaveLength(5);
    expect(reasons.filter((reason) => reason === 'throttled')).toHaveLength(15);
  });

  test('does not count against a client that opens many connections with the right password', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => check(ANN, PASSWORD)));
    expect(results.every((result) => result.ok)).toBe(true);
  });
});

describe('an access token', () => {
  async function issue(accountId = BigInt(t.tenant.accountId)) {
    const session = await createWebSession({ db: t.db, now: t.clock.now }, { accountId }, {});
    const tokens = createAccessTokens({ secret: SECRET, now: t.clock.now });
    return { session, token: await tokens.issueAccessToken({ sessionId: session.id, accountId }) };
  }
  const checkToken = (token: string) =>
    t.authenticator.checkToken({ token, service: 'imap', mechanism: 'OAUTHBEARER', peer: '127.0.0.1' });

  test('signs its session in for five minutes', async () => {
    const { token } = await issue();
    expect(await checkToken(token)).toMatchObject({ ok: true, account: { address: ANN } });
    t.clock.advance(299_000);
    expect((await checkToken(token)).ok).toBe(true);
    t.clock.advance(1_000);
    expect(await checkToken(token)).toEqual({ ok: false, reason: 'expired' });
  });

  test('dies with its session', async () => {
    const { token, session } = await issue();
    await revokeSessions({ db: t.db, now: t.clock.now }, { accountId: BigInt(t.tenant.accountId) });
    expect(await checkToken(token)).toEqual({ ok: false, reason: 'expired' });
    const other = await issue();
    await t.db.webSession.update({ where: { id: other.session.id }, data: { expiresAt: t.clock.now() } });
    expect(await checkToken(other.token)).toEqual({ ok: false, reason: 'expired' });
    expect(session.id).not.toBe(other.session.id);
  });

  test('of a suspended or deleted mailbox is refused', async () => {
    const { token } = await issue();
    await suspendAccounts(contextOf(t.db), { ids: [t.tenant.accountId] });
    expect(await checkToken(token)).toEqual({ ok: false, reason: 'suspended' });
    await resumeAccounts(contextOf(t.db), { ids: [t.tenant.accountId] });
    const { token: othersToken } = await issue(BigInt(t.tenant.otherAccountId));
    await deleteAccounts(contextOf(t.db), { ids: [t.tenant.otherAccountId] });
    expect(await checkToken(othersToken)).toEqual({ ok: false, reason: 'wrong' });
  });

  test('that was forged, altered or made for something else is wrong', async () => {
    const { token, session } = await issue();
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims = { sid: session.id, sub: t.tenant.otherAccountId, iss: 'mailstead', aud: 'mail-engine' };
    const forged = (key: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(key));
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const altered = Buffer.from(JSON.stringify({ ...claims, exp: 9_999_999_999 })).toString('base64url');
    const tokens = ['', 'x', 'a.b.c', none, `${header}.${altered}.${signature}`, `${token}x`, 'x'.repeat(100_000)];
    for (const bad of [...tokens, await forged('another secret of thirty-two characters'), await forged(SECRET)]) {
      expect(await checkToken(bad)).toEqual({ ok: false, reason: 'wrong' });
    }
    const others = createAccessTokens({ secret: SECRET, now: t.clock.now });
    const mixed = await others.issueAccessToken({ sessionId: session.id, accountId: t.tenant.otherAccountId });
    expect(await checkToken(mixed)).toEqual({ ok: false, reason: 'wrong' });
    const unknown = await others.issueAccessToken({ sessionId: randomUUID(), accountId: t.tenant.accountId });
    expect(await checkToken(unknown)).toEqual({ ok: false, reason: 'wrong' });
  });
});
