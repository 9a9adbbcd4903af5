import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createAccount } from '../accounts/create-account.ts';
import { resetPassword } from '../accounts/reset-password.ts';
import { suspendAccounts } from '../accounts/suspend-accounts.ts';
import { suspendDomains } from '../domains/suspend-domains.ts';
import { createOperator } from '../operators/create-operator.ts';
import { createPasswordLink } from '../operators/create-password-link.ts';
import { deleteOperators } from '../operators/delete-operators.ts';
import { resumeOperators } from '../operators/resume-operators.ts';
import { suspendOperators } from '../operators/suspend-operators.ts';
import { changePassword } from '../profile/change-password.ts';
import { openSignIn, type SignInStage } from '../testing/open-sign-in.ts';
import { contextOf, PASSWORD } from '../testing/tenants.ts';
import { createSignIn, type SignIn } from './create-sign-in.ts';
import { ensureFirstAdmin } from './ensure-first-admin.ts';
import { listSessions } from './list-sessions.ts';
import { findPasswordLink, redeemPasswordLink } from './password-link.ts';
import { revokeOtherSessions } from './revoke-other-sessions.ts';
import { findSessionActor, signOut } from './web-session.ts';

let t: SignInStage;
let signIn: SignIn;
beforeAll(async () => {
  t = await openSignIn(inject('clusterUrl'), 'sign-in.test');
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.restart();
  signIn = createSignIn({ db: t.db, now: t.clock.now });
});

const auth = () => ({ db: t.db, now: t.clock.now });
const systemContext = () => contextOf(t.db, undefined, t.clock.now);
const enter = (login: string, password: string, ip = '192.0.2.1') =>
  signIn({ login, password, ip, userAgent: 'Browser' });

async function requireSession(login: string, password: string) {
  const result = await enter(login, password);
  if (!result.ok) throw new Error(`${login}: ${result.reason}`);
  return result;
}

async function addOperator(email: string, password: string, role: 'admin' | 'domain_owner' = 'domain_owner') {
  const { id } = await createOperator(systemContext(), { email, name: email, role });
  const { token } = await createPasswordLink(systemContext(), { id });
  await redeemPasswordLink(auth(), { token, password });
  return id;
}

describe('the first admin', () => {
  test('gets a link until a password is set, chooses email and name with it, and no other link is made then', async () => {
    const options = { db: t.db, email: 'admin@Host', name: 'Administrator', now: t.clock.now };
    const [first, second] = await Promise.all([ensureFirstAdmin(options), ensureFirstAdmin(options)]);
    expect(await t.db.operator.count({ where: { role: 'admin' } })).toBe(1);
    const alive = [];
    for (const token of [first, second]) if (token && (await findPasswordLink(auth(), token))) alive.push(token);
    expect(alive).toHaveLength(1);
    const [token = ''] = alive;
    expect(await findPasswordLink(auth(), token)).toEqual({
      email: 'admin@host',
      name: 'Administrator',
      choosesIdentity: true,
    });
    const given = { token, password: PASSWORD, email: 'Root@Hosting.test', name: 'Ruth' };
    await expect(redeemPasswordLink(auth(), { ...given, email: 'no email' })).rejects.toMatchObject({
      fields: { email: expect.any(String) },
    });
    await expect(redeemPasswordLink(auth(), { ...given, password: 'short' })).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(await redeemPasswordLink(auth(), given)).toEqual({ email: 'root@hosting.test' });
    await expect(redeemPasswordLink(auth(), given)).rejects.toMatchObject({ code: 'not-found' });
    expect(await ensureFirstAdmin(options)).toBeUndefined();
    expect((await requireSession('root@hosting.test', PASSWORD)).actor).toMatchObject({ kind: 'admin' });
  });
});

describe('a password link', () => {
  test('of anybody later sets the password only, once, and in time', async () => {
    const { id } = await createOperator(systemContext(), { email: 'link@x.test', name: 'Link', role: 'reseller' });
    const old = await createPasswordLink(systemContext(), { id });
    const { token, expiresAt } = await createPasswordLink(systemContext(), { id });
    expect(await findPasswordLink(auth(), old.token)).toBeNull();
    expect(await findPasswordLink(auth(), token)).toMatchObject({ choosesIdentity: false });
    const given = { token, password: PASSWORD, email: 'stolen@x.test' };
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => redeemPasswordLink(auth(), given)));
    expect(results.filter((result) => result.status === 'fulfilled')).toEqual([
      { status: 'fulfilled', value: { email: 'link@x.test' } },
    ]);
    const late = await createPasswordLink(systemContext(), { id });
    expect(late.expiresAt).toBe(expiresAt);
    t.clock.advance(Date.parse(late.expiresAt) - t.clock.now().getTime());
    await expect(redeemPasswordLink(auth(), { token: late.token, password: PASSWORD })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('is not kept as it is', async () => {
    const { id } = await createOperator(systemContext(), { email: 'hashed@x.test', name: 'H', role: 'reseller' });
    const { token } = await createPasswordLink(systemContext(), { id });
    const [row] = await t.db.$queryRaw<{ dump: string }[]>`
      SELECT (SELECT string_agg(l::text, '') FROM password_link l) || (SELECT string_agg(e::text, '') FROM audit_event e) AS dump`;
    expect(row?.dump).not.toContain(token);
    for (const bad of ['', 'x', `${token}x`, token.toLowerCase(), '\0'.repeat(43)]) {
      expect(await findPasswordLink(auth(), bad)).toBeNull();
    }
  });
});

describe('signing in', () => {
  test('knows operators by email and mailbox owners by address', async () => {
    await addOperator('person@x.test', PASSWORD);
    expect((await requireSession(' Person@X.test ', PASSWORD)).actor).toMatchObject({ kind: 'domain-owner' });
    const { actor, session } = await requireSession('ann@sign-in.test', PASSWORD);
    expect(actor).toMatchObject({
      kind: 'mailbox-owner',
      accountId: BigInt(t.tenant.accountId),
      label: 'ann@sign-in.test',
    });
    expect(await findSessionActor(auth(), session.id)).toEqual(actor);
  });

  test('with a login that is both goes by the password, and to the operator where it fits both', async () => {
    const login = 'both@sign-in.test';
    const operatorPassword = 'the password of the operator';
    const operatorId = await addOperator(login, operatorPassword);
    const { account } = await createAccount(systemContext(), {
      domainId: t.tenant.domainId,
      localPart: 'both',
      password: PASSWORD,
    });
    expect((await requireSession(login, PASSWORD)).actor.kind).toBe('mailbox-owner');
    expect((await requireSession(login, operatorPassword)).actor.kind).toBe('domain-owner');
    await resetPassword(systemContext(), { id: account.id, password: operatorPassword });
    expect((await requireSession(login, operatorPassword)).actor.kind).toBe('domain-owner');
    await suspendOperators(systemContext(), { ids: [operatorId] });
    expect((await requireSession(login, operatorPassword)).actor.kind).toBe('mailbox-owner');
    await suspendAccounts(systemContext(), { ids: [account.id] });
    expect(await enter(login, operatorPassword)).toEqual({ ok: false, reason: 'suspended' });
  });

  test('of an operator clears nothing of what was guessed at the mailbox of the same name, nor the other way round', async () => {
    await addOperator('ben@sign-in.test', 'the password of a namesake');
    const guess = () => enter('ben@sign-in.test', 'not this one');
    for (const right of ['the password of a namesake', PASSWORD]) {
      for (let index = 0; index < 4; index += 1) expect(await guess()).toMatchObject({ reason: 'wrong' });
      expect((await enter('ben@sign-in.test', right)).ok).toBe(true);
      expect(await guess()).toMatchObject({ reason: 'wrong' });
      expect(await guess()).toMatchObject({ reason: 'throttled' });
      await t.db.loginFailure.deleteMany();
    }
  });

  test('of an operator who never set a password is refused whatever is typed', async () => {
    await createOperator(systemContext(), { email: 'fresh@x.test', name: 'Fresh', role: 'reseller' });
    for (const password of ['', 'null', PASSWORD]) {
      expect(await enter('fresh@x.test', password)).toEqual({ ok: false, reason: 'wrong' });
    }
  });

  test('is throttled as the mail protocols are, and bounded', async () => {
    for (let index = 0; index < 5; index += 1) await enter('ann@sign-in.test', `wrong ${index}`);
    expect(await enter('ann@sign-in.test', PASSWORD)).toEqual({ ok: false, reason: 'throttled' });
    expect(await enter('x'.repeat(2_000), PASSWORD, '192.0.2.9')).toEqual({ ok: false, reason: 'wrong' });
    expect(await enter('ann@sign-in.test', 'x'.repeat(2_000), '192.0.2.9')).toEqual({ ok: false, reason: 'wrong' });
  });
});

describe('a session', () => {
  test('ends at sign-out, and a forged or unknown one is nobody', async () => {
    const { session } = await requireSession('ann@sign-in.test', PASSWORD);
    await signOut(auth(), session.id);
    expect(await findSessionActor(auth(), session.id)).toBeNull();
    for (const forged of [
      '',
      'x',
      session.id.toUpperCase(),
      `${session.id}'`,
      '00000000-0000-0000-0000-000000000000',
    ]) {
      expect(await findSessionActor(auth(), forged)).toBeNull();
      await signOut(auth(), forged);
    }
  });

  test('ends when it was not used for as long as the setting says, and lives on while it is', async () => {
    const { session } = await requireSession('ann@sign-in.test', PASSWORD);
    for (let day = 0; day < 10; day += 1) {
      t.clock.advance(86_400_000);
      expect(await findSessionActor(auth(), session.id)).not.toBeNull();
    }
    t.clock.advance(7 * 86_400_000);
    expect(await findSessionActor(auth(), session.id)).toBeNull();
  });

  test('made with a password that is changed meanwhile is not made, or ends with the others', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [next, old] = [
        `a password for round ${round}`,
        round === 0 ? PASSWORD : `a password for round ${round - 1}`,
      ];
      const [entered] = await Promise.all([
        enter('ann@sign-in.test', old),
        resetPassword(systemContext(), { id: t.tenant.accountId, password: next }),
      ]);
      if (entered.ok) expect(await findSessionActor(auth(), entered.session.id)).toBeNull();
      await t.db.loginFailure.deleteMany();
    }
    await resetPassword(systemContext(), { id: t.tenant.accountId, password: PASSWORD });
  });

  test('is written to rarely', async () => {
    const { session } = await requireSession('ann@sign-in.test', PASSWORD);
    const seen = async () => (await t.db.webSession.findUniqueOrThrow({ where: { id: session.id } })).seenAt;
    const first = await seen();
    t.clock.advance(299_999);
    await findSessionActor(auth(), session.id);
    expect(await seen()).toEqual(first);
    t.clock.advance(1);
    await findSessionActor(auth(), session.id);
    expect(await seen()).toEqual(t.clock.now());
  });

  test('is nobody while its person is suspended or deleted', async () => {
    const id = await addOperator('held@x.test', PASSWORD);
    const { session } = await requireSession('held@x.test', PASSWORD);
    await suspendOperators(systemContext(), { ids: [id] });
    expect(await findSessionActor(auth(), session.id)).toBeNull();
    await resumeOperators(systemContext(), { ids: [id] });
    expect(await findSessionActor(auth(), session.id)).not.toBeNull();
    await deleteOperators(systemContext(), { ids: [id] });
    expect(await findSessionActor(auth(), session.id)).toBeNull();
    const { session: anns } = await requireSession('ann@sign-in.test', PASSWORD);
    await suspendDomains(systemContext(), { ids: [t.tenant.domainId] });
    expect(await findSessionActor(auth(), anns.id)).toBeNull();
    await t.db.domain.updateMany({ data: { suspendedAt: null } });
  });

  test('is listed to its own person, who can end the others', async () => {
    await addOperator('lists@x.test', PASSWORD);
    const [first, second] = [
      await requireSession('lists@x.test', PASSWORD),
      await requireSession('lists@x.test', PASSWORD),
    ];
    await requireSession('ann@sign-in.test', PASSWORD);
    const context = contextOf(t.db, first.actor, t.clock.now);
    const ids = (await listSessions(context, {})).map((session) => session.id);
    expect(ids.toSorted()).toEqual([first.session.id, second.session.id].toSorted());
    expect(await revokeOtherSessions(context, { keepSessionId: first.session.id })).toEqual({ revoked: 1 });
    expect(await findSessionActor(auth(), first.session.id)).not.toBeNull();
    expect(await findSessionActor(auth(), second.session.id)).toBeNull();
  });
});

describe('changing the own password', () => {
  test('lets guesses sent together through one after the other', async () => {
    const { actor, session } = await requireSession('ann@sign-in.test', PASSWORD);
    const context = contextOf(t.db, actor, t.clock.now);
    const guess = { currentPassword: 'not this one', newPassword: 'a rather different one', keepSessionId: session.id };
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () => changePassword(context, guess).catch((error: { code: string }) => error.code)),
    );
    expect(outcomes.filter((code) => code === 'invalid')).toHaveLength(5);
    expect(outcomes.filter((code) => code === 'too-many-attempts')).toHaveLength(25);
    await t.db.loginFailure.deleteMany();
  });

  test('needs the present one, ends the other sessions, and counts wrong ones although nothing else is kept', async () => {
    const [kept, other] = [
      await requireSession('ann@sign-in.test', PASSWORD),
      await requireSession('ann@sign-in.test', PASSWORD),
    ];
    const context = contextOf(t.db, kept.actor, t.clock.now);
    const given = { currentPassword: PASSWORD, newPassword: 'a rather different one', keepSessionId: kept.session.id };
    const wrong = { ...given, currentPassword: 'not this one' };
    await expect(changePassword(context, wrong)).rejects.toMatchObject({
      fields: { currentPassword: expect.any(String) },
    });
    await expect(changePassword(context, { ...given, newPassword: 'short' })).rejects.toMatchObject({
      fields: { newPassword: expect.any(String) },
    });
    expect(await changePassword(context, given)).toMatchObject({ revokedSessions: expect.any(Number) });
    expect(await findSessionActor(auth(), kept.session.id)).not.toBeNull();
    expect(await findSessionActor(auth(), other.session.id)).toBeNull();
    expect((await enter('ann@sign-in.test', PASSWORD)).ok).toBe(false);
    expect((await enter('ann@sign-in.test', given.newPassword)).ok).toBe(true);
    for (let index = 0; index < 5; index += 1) await changePassword(context, wrong).catch(() => undefined);
    await expect(changePassword(context, given)).rejects.toMatchObject({ code: 'too-many-attempts' });
    await t.db.loginFailure.deleteMany();
    await resetPassword(systemContext(), { id: t.tenant.accountId, password: PASSWORD });
  });
});
