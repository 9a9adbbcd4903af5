import { argon2Sync } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createAccount } from '../accounts/create-account.ts';
import { deleteAccounts } from '../accounts/delete-accounts.ts';
import { resetPassword } from '../accounts/reset-password.ts';
import { suspendAccounts } from '../accounts/suspend-accounts.ts';
import { createAppPassword } from '../app-passwords/create-app-password.ts';
import { requireAppPasswords } from '../app-passwords/require-app-passwords.ts';
import { revokeAppPasswords } from '../app-passwords/revoke-app-passwords.ts';
import { createPool } from '../database/pool.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import type { AuthenticatedAccount, AuthenticationResult } from '../directory/types.ts';
import { createDomain } from '../domains/create-domain.ts';
import { deleteDomains } from '../domains/delete-domains.ts';
import { suspendDomains } from '../domains/suspend-domains.ts';
import { changePassword } from '../profile/change-password.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { contextOf, PASSWORD } from '../testing/tenants.ts';
import { createAccessTokens } from './access-token.ts';
import { type AccountWatch, createAccountWatch, type WatchedSession } from './account-watch.ts';
import { createAuthenticator } from './create-authenticator.ts';
import { accountActor } from './operator-actor.ts';
import { revokeSession } from './revoke-session.ts';
import { createWebSession } from './web-session.ts';

const SECRET = 'a secret of at least thirty-two characters';
const OTHER_PASSWORD = 'another horse battery';
const ATTEMPT = { service: 'imap', mechanism: 'PLAIN', peer: '192.0.2.1' } as const;

let database: TestDatabase;
let db: PrismaClient;
let pool: Pool;
let clock: ManualClock;
let watch: AccountWatch;
let tenants = 0;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 3);
  pool = createPool({ connectionString: database.url, max: 2 });
});
afterAll(async () => {
  await pool.end();
  await db.$disconnect();
  await database.drop();
});
beforeEach(async () => {
  clock = createManualClock();
  watch = await createAccountWatch({ pool, listenUrl: database.url, now: clock.now });
});
afterEach(() => watch.close());

const context = () => contextOf(db);
const authenticator = () => createAuthenticator({ db, secret: SECRET, now: clock.now });

interface Mailbox {
  id: string;
  domainId: string;
  address: string;
}

/** A mailbox in a domain of its own. */
async function addMailbox(): Promise<Mailbox> {
  tenants += 1;
  const domain = await createDomain(context(), { name: `tenant-${tenants}.test` });
  const given = { domainId: domain.id, localPart: 'ann', password: PASSWORD };
  const { account } = await createAccount(context(), given);
  return { id: account.id, domainId: domain.id, address: account.address };
}

function requireAccount(result: AuthenticationResult): AuthenticatedAccount {
  if (!result.ok) throw new Error(`not signed in: ${result.reason}`);
  return result.account;
}

async function signInByPassword({ address }: Mailbox): Promise<AuthenticatedAccount> {
  return requireAccount(await authenticator().checkPassword({ login: address, password: PASSWORD, ...ATTEMPT }));
}

async function signInByToken({ id }: Mailbox) {
  const session = await createWebSession({ db, now: clock.now }, { accountId: BigInt(id) }, {});
  const tokens = createAccessTokens({ secret: SECRET, now: clock.now });
  const token = await tokens.issueAccessToken({ sessionId: session.id, accountId: id });
  return { session, account: requireAccount(await authenticator().checkToken({ token, ...ATTEMPT })) };
}

async function enterByPassword(mailbox: Mailbox): Promise<WatchedSession> {
  return watch.enter(await signInByPassword(mailbox));
}

/** As an older release may have done: today's sign-in makes it anew. */
function hashCheaply(password: string): string {
  const nonce = Buffer.alloc(16, 7);
  const tag = argon2Sync('argon2id', {
    message: password,
    nonce,
    parallelism: 1,
    tagLength: 32,
    memory: 64,
    passes: 1,
  });
  const [salt, hash] = [nonce, tag].map((bytes) => bytes.toString('base64').replaceAll('=', ''));
  return `$argon2id$v=19$m=64,t=1,p=1$${salt}$${hash}`;
}

/** Resolves when the session lost its right; whoever lost it by the same check has by then, too. */
const ended = ({ signal }: WatchedSession) =>
  vi.waitFor(() => expect(signal.aborted).toBe(true), { timeout: 10_000, interval: 5 });

/** Resolves after a check that saw everything committed before this call. */
async function afterCheck(): Promise<void> {
  const mailbox = await addMailbox();
  const canary = await enterByPassword(mailbox);
  await suspendAccounts(context(), { ids: [mailbox.id] });
  await ended(canary);
}

describe('a session ends', () => {
  test.each([
    ['its account is suspended', ({ id }: Mailbox) => suspendAccounts(context(), { ids: [id] })],
    ['its account is deleted', ({ id }: Mailbox) => deleteAccounts(context(), { ids: [id] })],
    ['its domain is suspended', ({ domainId }: Mailbox) => suspendDomains(context(), { ids: [domainId] })],
    ['its domain is deleted', ({ domainId }: Mailbox) => deleteDomains(context(), { ids: [domainId] })],
  ] as const)('when %s, whatever it signed in by, and no other does', async (_, act) => {
    const [mailbox, other] = [await addMailbox(), await addMailbox()];
    const byPassword = await enterByPassword(mailbox);
    const byToken = watch.enter((await signInByToken(mailbox)).account);
    const others = [await enterByPassword(other), watch.enter((await signInByToken(other)).account)];
    await act(mailbox);
    await ended(byPassword);
    expect(byToken.signal.aborted).toBe(true);
    expect(others.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    expect(watch.size).toBe(2);
  });

  test('when its right ended between sign-in and entry', async () => {
    const mailbox = await addMailbox();
    const account = await signInByPassword(mailbox);
    await suspendAccounts(context(), { ids: [mailbox.id] });
    await afterCheck();
    await ended(watch.enter(account));
  });
});

describe('an app password', () => {
  async function signInByAppPassword(mailbox: Mailbox, given: { networks?: string[]; expiresInDays?: number } = {}) {
    const actor = accountActor({
      id: BigInt(mailbox.id),
      domainId: BigInt(mailbox.domainId),
      address: mailbox.address,
    });
    const input = { label: 'Phone', scopes: ['imap' as const], expiresInDays: null, ...given };
    const { appPassword, secret } = await createAppPassword(contextOf(db, actor, clock.now), input);
    const attempt = { login: mailbox.address, password: secret, ...ATTEMPT };
    return { id: appPassword.id, session: watch.enter(requireAccount(await authenticator().checkPassword(attempt))) };
  }

  test('that is revoked ends its own sessions, and no others', async () => {
    const mailbox = await addMailbox();
    const [revoked, kept] = [await signInByAppPassword(mailbox), await signInByAppPassword(mailbox)];
    const byPassword = await enterByPassword(mailbox);
    await revokeAppPasswords(context(), { ids: [revoked.id] });
    await ended(revoked.session);
    await afterCheck();
    expect([kept.session.signal.aborted, byPassword.signal.aborted]).toEqual([false, false]);
  });

  test('that expires ends its sessions; a new password of the mailbox does not', async () => {
    const mailbox = await addMailbox();
    const { session } = await signInByAppPassword(mailbox, { expiresInDays: 1 });
    await resetPassword(context(), { id: mailbox.id });
    await afterCheck();
    expect(session.signal.aborted).toBe(false);
    clock.advance(86_400_000);
    await afterCheck();
    await ended(session);
  });

  test('whose networks no longer hold the client ends its sessions', async () => {
    const mailbox = await addMailbox();
    const [inside, outside] = [
      await signInByAppPassword(mailbox, { networks: ['192.0.2.0/24'] }),
      await signInByAppPassword(mailbox, { networks: ['192.0.2.1', '2001:db8::/32'] }),
    ];
    await db.appPassword.update({ where: { id: BigInt(outside.id) }, data: { networks: ['2001:db8::/32'] } });
    await ended(outside.session);
    await afterCheck();
    expect(inside.session.signal.aborted).toBe(false);
  });

  test('that mail programs must use ends the sessions of the mailbox’s own, but not webmail’s', async () => {
    const mailbox = await addMailbox();
    const byPassword = await enterByPassword(mailbox);
    const byToken = watch.enter((await signInByToken(mailbox)).account);
    const { session } = await signInByAppPassword(mailbox);
    await requireAppPasswords(context(), { accountId: mailbox.id, areRequired: true });
    await ended(byPassword);
    await afterCheck();
    expect([byToken.signal.aborted, session.signal.aborted]).toEqual([false, false]);
  });
});

describe('a new password', () => {
  test('ends the sessions signed in by the old one; that of the web session that stays goes on', async () => {
    const mailbox = await addMailbox();
    const byPassword = await enterByPassword(mailbox);
    const { session, account } = await signInByToken(mailbox);
    const [kept, gone] = [watch.enter(account), watch.enter((await signInByToken(mailbox)).account)];
    const actor = accountActor({
      id: BigInt(mailbox.id),
      domainId: BigInt(mailbox.domainId),
      address: mailbox.address,
    });
    const given = { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD, keepSessionId: session.id };
    await changePassword(contextOf(db, actor), given);
    await ended(byPassword);
    await ended(gone);
    await afterCheck();
    expect(kept.signal.aborted).toBe(false);
  });

  test('given by the admin ends them all, even where it is the same again', async () => {
    const mailbox = await addMailbox();
    const [byPassword, byToken] = [await enterByPassword(mailbox), watch.enter((await signInByToken(mailbox)).account)];
    await resetPassword(context(), { id: mailbox.id, password: PASSWORD });
    await ended(byPassword);
    await ended(byToken);
    const again = await enterByPassword(mailbox);
    await afterCheck();
    expect(again.signal.aborted).toBe(false);
  });

  test('is not one that is only hashed anew', async () => {
    const mailbox = await addMailbox();
    const session = await enterByPassword(mailbox);
    const where = { id: BigInt(mailbox.id) };
    const cheap = hashCheaply(PASSWORD);
    await db.account.update({ where, data: { passwordHash: cheap } });
    await signInByPassword(mailbox);
    expect((await db.account.findUniqueOrThrow({ where })).passwordHash).not.toBe(cheap);
    await afterCheck();
    expect(session.signal.aborted).toBe(false);
  });
});

describe('a web session', () => {
  test('that is revoked ends what was signed in by its tokens, and nothing else', async () => {
    const mailbox = await addMailbox();
    const byPassword = await enterByPassword(mailbox);
    const { session, account } = await signInByToken(mailbox);
    const [byToken, second] = [watch.enter(account), watch.enter(account)];
    const elsewhere = watch.enter((await signInByToken(mailbox)).account);
    const actor = accountActor({
      id: BigInt(mailbox.id),
      domainId: BigInt(mailbox.domainId),
      address: mailbox.address,
    });
    await revokeSession(contextOf(db, actor), { id: session.id });
    await ended(byToken);
    expect([second, byPassword, elsewhere].map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
  });

  test('that expires does too, by time alone', async () => {
    const sweeping = await createAccountWatch({ pool, listenUrl: database.url, now: clock.now, sweepMs: 20 });
    const mailbox = await addMailbox();
    const byPassword = sweeping.enter(await signInByPassword(mailbox));
    const byToken = sweeping.enter((await signInByToken(mailbox)).account);
    clock.advance(400 * 86_400_000);
    await ended(byToken);
    expect(byPassword.signal.aborted).toBe(false);
    await sweeping.close();
  });
});

test('what changes while nobody listens is found when somebody does again', async () => {
  const mailbox = await addMailbox();
  const account = await signInByPassword(mailbox);
  // It listens from here on, so nothing that happened before makes it look.
  const listening = await createAccountWatch({ pool, listenUrl: database.url, now: clock.now });
  const queries = vi.spyOn(pool, 'query');
  const session = listening.enter(account);
  await vi.waitFor(() => expect(queries.mock.settledResults).toMatchObject([{ type: 'fulfilled' }]), {
    timeout: 20_000,
  });
  queries.mockRestore();
  await pool.query(`BEGIN; SET LOCAL session_replication_role = replica;
    UPDATE account SET suspended_at = now() WHERE id = ${Number(mailbox.id)}; COMMIT`); // no trigger, no NOTIFY
  const { rowCount } = await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'mailstead listen %'`);
  expect(rowCount).toBe(2);
  await ended(session);
  const another = await addMailbox();
  const next = listening.enter(await signInByPassword(another));
  await suspendAccounts(context(), { ids: [another.id] });
  await ended(next);
  await listening.close();
});

test('a check that fails is made again', async () => {
  const [mailbox, other] = [await addMailbox(), await addMailbox()];
  const [session, stays] = [await enterByPassword(mailbox), await enterByPassword(other)];
  await db.$executeRaw`ALTER TABLE web_session RENAME TO web_session_away`;
  const queries = vi.spyOn(pool, 'query');
  await suspendAccounts(context(), { ids: [mailbox.id] });
  await vi.waitFor(() => expect(queries.mock.settledResults.map(({ type }) => type)).toContain('rejected'), {
    timeout: 20_000,
  });
  queries.mockRestore();
  expect([session, stays].map(({ signal }) => signal.aborted)).toEqual([false, false]);
  await db.$executeRaw`ALTER TABLE web_session_away RENAME TO web_session`;
  await ended(session);
  expect(stays.signal.aborted).toBe(false);
});

test('what has left is forgotten', async () => {
  const mailbox = await addMailbox();
  const session = await enterByPassword(mailbox);
  expect(watch.size).toBe(1);
  session.release();
  expect(watch.size).toBe(0);
  await suspendAccounts(context(), { ids: [mailbox.id] });
  await afterCheck();
  expect(session.signal.aborted).toBe(false);
});
