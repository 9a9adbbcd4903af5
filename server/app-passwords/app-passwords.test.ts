import { createHash, createHmac, pbkdf2Sync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { resetPassword } from '../accounts/reset-password.ts';
import { pruneSignInKeys } from '../auth/prune-sign-in-keys.ts';
import type { SignInAttempt } from '../directory/types.ts';
import { changePassword } from '../profile/change-password.ts';
import { openSignIn, type SignInStage } from '../testing/open-sign-in.ts';
import { contextOf, PASSWORD } from '../testing/tenants.ts';
import { createAppPassword } from './create-app-password.ts';
import { getAppPasswords } from './get-app-passwords.ts';
import { requireAppPasswords } from './require-app-passwords.ts';
import { revokeAppPasswords } from './revoke-app-passwords.ts';
import { canonicalAppPassword, generateAppPassword } from './secret.ts';

const ANN = 'ann@apps.test';
const DAY_MS = 86_400_000;

let t: SignInStage;
beforeAll(async () => {
  t = await openSignIn(inject('clusterUrl'), 'apps.test');
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.restart();
  await t.db.appPassword.deleteMany();
});

const context = () => contextOf(t.db, t.tenant.actors['mailbox-owner'], t.clock.now);
type Given = Partial<Parameters<typeof createAppPassword>[1]>;
const create = (given: Given = {}) =>
  createAppPassword(context(), { label: 'Phone', scopes: ['imap'], expiresInDays: null, ...given });
const from = (service: SignInAttempt['service'] = 'imap', peer = '192.0.2.1'): SignInAttempt => ({
  service,
  mechanism: 'PLAIN',
  peer,
});
const check = (password: string, attempt = from(), login = ANN) =>
  t.authenticator.checkPassword({ login, password, ...attempt });
const list = async () => (await getAppPasswords(context(), {})).appPasswords;
const WRONG = { ok: false, reason: 'wrong' };

describe('the secret', () => {
  test('is random, says what it is, and is taken with any case, spaces and hyphens', () => {
    const secret = generateAppPassword();
    expect(secret).toMatch(/^mst(-[a-z2-7]{4}){8}$/);
    expect(generateAppPassword()).not.toBe(secret);
    const canonical = canonicalAppPassword(secret);
    expect(canonical).toMatch(/^mst[a-z2-7]{32}$/);
    for (const typed of [secret.toUpperCase(), secret.replaceAll('-', ''), ` ${secret.replaceAll('-', ' ')} `]) {
      expect(canonicalAppPassword(typed)).toBe(canonical);
    }
    for (const other of ['', 'mst', `${secret}a`, secret.slice(1), secret.slice(0, -1), 'x'.repeat(100_000)]) {
      expect(canonicalAppPassword(other)).toBeUndefined();
    }
  });

  test('is kept nowhere', async () => {
    const { secret } = await create();
    const [row] = await t.db.$queryRaw<{ text: string }[]>`SELECT app_password::text AS text FROM app_password`;
    expect(row?.text).not.toContain(secret);
    expect(row?.text).not.toContain(canonicalAppPassword(secret));
    const events = await t.db.auditEvent.findMany({ where: { operation: 'appPasswords.create' } });
    expect(events.at(-1)).toMatchObject({ target: 'Phone', actorLabel: ANN });
  });
});

describe('an app password', () => {
  test('signs its own account in, however it is typed, and says that it did', async () => {
    const { secret, appPassword } = await create({ label: 'Laptop', scopes: ['imap', 'smtp'] });
    const proof = { kind: 'app-password', appPasswordId: Number(appPassword.id), peer: '192.0.2.1' };
    expect(await check(secret)).toMatchObject({ ok: true, account: { address: ANN, proof } });
    expect((await check(secret.toUpperCase().replaceAll('-', ' '), from('submission'))).ok).toBe(true);
    expect(await list()).toMatchObject([
      { label: 'Laptop', state: 'active', lastUsed: { from: '192.0.2.1', service: 'submission' }, lastRefused: null },
    ]);
    expect(await check(secret, from(), 'ben@apps.test')).toEqual(WRONG);
    expect((await check(PASSWORD)).ok).toBe(true);
  });

  test.each<[string, Given, SignInAttempt, string]>([
    ['for another service', { scopes: ['imap'] }, from('pop3'), 'service'],
    ['for another service than sending', { scopes: ['imap', 'pop3'] }, from('submission'), 'service'],
    ['for the web', { scopes: ['imap', 'pop3', 'smtp'] }, from('web'), 'service'],
    ['elsewhere', { networks: ['198.51.100.0/24', '2001:db8::/32'] }, from('imap', '192.0.2.1'), 'network'],
    ['at what is no address', { networks: ['0.0.0.0/0'] }, from('imap', 'unknown'), 'network'],
  ])('used %s is wrong to the client, and told to its owner', async (_, given, attempt, reason) => {
    const { secret } = await create(given);
    expect(await check(secret, attempt)).toEqual(WRONG);
    expect(await list()).toMatchObject([
      { lastUsed: null, lastRefused: { reason, from: attempt.peer, service: attempt.service } },
    ]);
  });

  test('clears nothing of what was guessed at the password, and is not blocked by it, but by a ban', async () => {
    const { secret } = await create();
    for (let index = 0; index < 5; index += 1) {
      expect(await check('not the password')).toEqual(WRONG);
      expect((await check(secret)).ok).toBe(true);
    }
    expect(await check(PASSWORD)).toEqual({ ok: false, reason: 'throttled' });
    expect((await check(secret)).ok).toBe(true);
    const ban = { network: '192.0.2.0/24', reason: 'abuse', automatic: false, since: t.clock.now(), until: null };
    await t.db.signInBan.create({ data: ban });
    expect(await check(secret)).toEqual({ ok: false, reason: 'throttled' });
    await t.db.signInBan.deleteMany();
    await t.db.loginFailure.deleteMany();
  });

  test('works in its networks', async () => {
    const { secret } = await create({ networks: ['192.0.2.0/24', '2001:db8::/32'] });
    expect((await check(secret)).ok).toBe(true);
    expect((await check(secret, from('imap', '2001:db8::7'))).ok).toBe(true);
    expect((await check(secret, from('imap', '::ffff:192.0.2.9'))).ok).toBe(true);
  });

  test('ends with its time, and when it is revoked, by its owner or the domain’s', async () => {
    const { secret } = await create({ expiresInDays: 1 });
    t.clock.advance(DAY_MS - 1);
    expect((await check(secret)).ok).toBe(true);
    t.clock.advance(1);
    expect(await check(secret)).toEqual(WRONG);
    expect(await list()).toMatchObject([{ state: 'expired', lastRefused: { reason: 'expired' } }]);
    const other = await create();
    await revokeAppPasswords(contextOf(t.db, t.tenant.actors['domain-owner'], t.clock.now), {
      ids: [other.appPassword.id],
    });
    expect(await check(other.secret)).toEqual(WRONG);
    expect(await list()).toMatchObject([
      { state: 'expired' },
      { state: 'revoked', revoked: { by: 'owner@apps.test' }, lastRefused: { reason: 'revoked' } },
    ]);
    await expect(revokeAppPasswords(context(), { ids: [other.appPassword.id] })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('that is right but not allowed here is no guess: it blocks nobody, and clears nothing', async () => {
    const { secret } = await create({ scopes: ['pop3'] });
    for (let index = 0; index < 10; index += 1) expect(await check(secret)).toEqual(WRONG);
    expect((await check(PASSWORD)).ok).toBe(true);
    for (let index = 0; index < 4; index += 1) expect(await check(`guess ${index}`)).toEqual(WRONG);
    expect(await check(secret)).toEqual(WRONG);
    expect(await check('guess 4')).toEqual(WRONG);
    expect(await check(PASSWORD)).toEqual({ ok: false, reason: 'throttled' });
  });

  test('that does not exist counts as a guess', async () => {
    for (let index = 0; index < 5; index += 1) expect(await check(generateAppPassword())).toEqual(WRONG);
    expect(await check(generateAppPassword())).toEqual({ ok: false, reason: 'throttled' });
  });

  test.each([
    [{ label: ' ' }, 'label'],
    [{ scopes: [] }, 'scopes'],
    [{ networks: ['192.0.2.300'] }, 'networks.0'],
    [{ expiresInDays: 0 }, 'expiresInDays'],
  ])('%j is refused on its field', async (given, field) => {
    await expect(create(given)).rejects.toMatchObject({ code: 'invalid', fields: { [field]: expect.any(String) } });
  });

  test('is one of at most fifty', async () => {
    const row = { accountId: BigInt(t.tenant.accountId), label: 'x', scopes: ['imap'] };
    const secretHash = (index: number) => new Uint8Array(createHash('sha256').update(String(index)).digest());
    await t.db.appPassword.createMany({
      data: Array.from({ length: 50 }, (_, index) => ({ ...row, secretHash: secretHash(index) })),
    });
    await expect(create()).rejects.toMatchObject({ code: 'conflict' });
    await t.db.appPassword.updateMany({ data: { expiresAt: t.clock.now() } });
    expect((await create()).secret).toMatch(/^mst-/);
  });
});

describe('where mail programs must use app passwords', () => {
  test('the mailbox’s own password is wrong for them, as often as a guess', async () => {
    const { secret } = await create();
    await requireAppPasswords(context(), { areRequired: true });
    expect(await check(PASSWORD)).toEqual(WRONG);
    expect((await check(secret)).ok).toBe(true);
    for (let index = 0; index < 4; index += 1) expect(await check(PASSWORD)).toEqual(WRONG);
    expect(await check(PASSWORD)).toEqual({ ok: false, reason: 'throttled' });
    await requireAppPasswords(context(), { areRequired: false });
    await t.db.loginFailure.deleteMany();
    expect((await check(PASSWORD)).ok).toBe(true);
  });
});

/** The client's side of RFC 5802 §3. */
async function scram(password: string, attempt = from()) {
  const opened = await t.authenticator.openScram({ login: ANN, ...attempt });
  if (opened === 'throttled') return { ok: false, reason: 'throttled' };
  const salted = pbkdf2Sync(password, opened.salt, opened.iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const signature = createHmac('sha256', createHash('sha256').update(clientKey).digest()).update('message').digest();
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
  const { result } = await opened.judge('message', proof);
  await opened.close();
  return result;
}

test('SCRAM takes app passwords too, before and after the mailbox gets another password', async () => {
  const { secret, appPassword } = await create();
  const proof = { kind: 'app-password', appPasswordId: Number(appPassword.id) };
  expect(await scram(secret)).toMatchObject({ ok: true, account: { proof } });
  expect(await scram(PASSWORD)).toMatchObject({ ok: true, account: { proof: { kind: 'password' } } });
  expect(await scram(secret, from('pop3'))).toEqual(WRONG);
  await resetPassword(contextOf(t.db), { id: t.tenant.accountId, password: 'another horse battery' });
  expect(await scram(secret)).toMatchObject({ ok: true, account: { proof } });
  expect(await scram(PASSWORD)).toEqual(WRONG);
  await resetPassword(contextOf(t.db), { id: t.tenant.accountId, password: PASSWORD, revokeAppPasswords: true });
  expect(await scram(secret)).toEqual(WRONG);
  expect(await check(secret)).toEqual(WRONG);
});

test('its owner’s own change of password revokes them only where that is asked for', async () => {
  const { secret } = await create();
  const change = (currentPassword: string, newPassword: string, revoke: boolean) =>
    changePassword(context(), {
      currentPassword,
      newPassword,
      keepSessionId: randomUUID(),
      revokeAppPasswords: revoke,
    });
  await change(PASSWORD, 'another horse battery', false);
  expect((await check(secret)).ok).toBe(true);
  await change('another horse battery', PASSWORD, true);
  expect(await check(secret)).toEqual(WRONG);
  expect(await list()).toMatchObject([{ state: 'revoked', revoked: { by: ANN } }]);
});

test('what ended a month ago is forgotten', async () => {
  await create({ label: 'kept' });
  const { appPassword } = await create({ label: 'revoked' });
  await create({ label: 'expired', expiresInDays: 1 });
  await revokeAppPasswords(context(), { ids: [appPassword.id] });
  t.clock.advance(30 * DAY_MS);
  expect(await pruneSignInKeys({ db: t.db, now: t.clock.now })).toBe(0);
  t.clock.advance(DAY_MS + 1);
  expect(await pruneSignInKeys({ db: t.db, now: t.clock.now })).toBe(2);
  expect(await list()).toMatchObject([{ label: 'kept' }]);
});
