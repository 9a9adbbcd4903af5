/** Submission and POP3 sessions whose right ends while they are open. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { type MailServer, openMailServer, PASSWORD, SECRET } from '#engine/smtp/testing/open-mail-server.ts';
import { deliver } from '#engine/store/testing/open-test-store.ts';
import { createAccount } from '#server/accounts/create-account.ts';
import { resetPassword } from '#server/accounts/reset-password.ts';
import { suspendAccounts } from '#server/accounts/suspend-accounts.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { createAppPassword } from '#server/app-passwords/create-app-password.ts';
import { revokeAppPasswords } from '#server/app-passwords/revoke-app-passwords.ts';
import { createAccessTokens } from '#server/auth/access-token.ts';
import { createWebSession, signOut } from '#server/auth/web-session.ts';
import { createDomain } from '#server/domains/create-domain.ts';
import type { Context } from '#server/operation.ts';

const now = () => new Date();
const base64 = (text: string) => Buffer.from(text).toString('base64');

let server: MailServer;
let context: Context;
let tenants = 0;
const clients: LineClient[] = [];
beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'));
  context = { db: server.db, actor: SYSTEM, now };
});
afterEach(() => {
  for (const client of clients.splice(0)) client.cut();
});
afterAll(() => server.close());

let address: string;
let id: string;
beforeEach(async () => {
  tenants += 1;
  const { id: domainId } = await createDomain(context, { name: `tenant-${tenants}.example` });
  const { account } = await createAccount(context, { domainId, localPart: 'dora', password: PASSWORD });
  ({ address, id } = account);
});

async function connect(service: 'submissions' | 'pop3s'): Promise<LineClient> {
  const client = await server.connect(service);
  clients.push(client);
  return client;
}

async function submitting(response: string): Promise<LineClient> {
  const client = await connect('submissions');
  await client.reply();
  await client.ask('EHLO laptop.example');
  expect(await client.ask(`AUTH ${response}`)).toMatch(/^235 /);
  return client;
}

const byPassword = (name = address) => submitting(`PLAIN ${base64(`\0${name}\0${PASSWORD}`)}`);

async function byToken() {
  const { id: sessionId } = await createWebSession({ db: server.db, now }, { accountId: BigInt(id) }, {});
  const token = await createAccessTokens({ secret: SECRET, now }).issueAccessToken({ sessionId, accountId: id });
  const client = await submitting(`OAUTHBEARER ${base64(`n,a=${address},\x01auth=Bearer ${token}\x01\x01`)}`);
  return { client, sessionId };
}

const suspend = () => suspendAccounts(context, { ids: [id] });

describe('submission', () => {
  const GOODBYE = '421 4.7.0 Your access has ended, sign in again\r\n';

  test('ends between commands, for this account only', async () => {
    const [client, other] = [await byPassword(), await byPassword('ann@one.example')];
    await client.ask(`MAIL FROM:<${address}>`);
    await suspend();
    expect(await client.rest()).toBe(GOODBYE);
    expect(await other.ask('NOOP')).toMatch(/^250 /);
  });

  test('ends amid a message, which is not taken', async () => {
    const client = await byPassword();
    await client.ask(`MAIL FROM:<${address}>`);
    await client.ask('RCPT TO:<ben@one.example>');
    expect(await client.ask('DATA')).toMatch(/^354 /);
    client.send('Subject: half\r\n');
    await suspend();
    expect(await client.rest()).toBe(GOODBYE);
    expect(await server.readInbox('ben')).toEqual([]);
  });

  test('signed in by a token ends with its web session, and that alone ends', async () => {
    const { client, sessionId } = await byToken();
    const signedIn = await byPassword();
    await signOut({ db: server.db, now }, sessionId);
    expect(await client.rest()).toBe(GOODBYE);
    expect(await signedIn.ask('NOOP')).toMatch(/^250 /);
  });

  test('signed in by an app password ends with it, and that alone ends', async () => {
    const { domainId } = await server.db.account.findUniqueOrThrow({ where: { id: BigInt(id) } });
    const owner = { kind: 'mailbox-owner', accountId: BigInt(id), domainId, label: address } as const;
    const input = { label: 'Phone', scopes: ['smtp' as const], expiresInDays: null };
    const lost = await createAppPassword({ ...context, actor: owner }, input);
    const kept = await createAppPassword({ ...context, actor: owner }, input);
    const sessions: LineClient[] = [];
    for (const { secret } of [lost, kept])
      sessions.push(await submitting(`PLAIN ${base64(`\0${address}\0${secret}`)}`));
    await revokeAppPasswords(context, { ids: [lost.appPassword.id] });
    expect(await sessions[0]?.rest()).toBe(GOODBYE);
    expect(await sessions[1]?.ask('NOOP')).toMatch(/^250 /);
  });

  test('signed in by a password ends with it', async () => {
    const client = await byPassword();
    await resetPassword(context, { id });
    expect(await client.rest()).toBe(GOODBYE);
  });
});

describe('POP3', () => {
  async function reading(name = address): Promise<LineClient> {
    const client = await connect('pop3s');
    await client.line();
    for (const command of [`USER ${name}`, `PASS ${PASSWORD}`]) expect(await askLine(client, command)).toMatch(/^\+OK/);
    return client;
  }

  async function askLine(client: LineClient, command: string): Promise<string | undefined> {
    client.send(`${command}\r\n`);
    return client.line();
  }

  test('ends without removing what was marked', async () => {
    const accountId = Number(id);
    const account = await server.db.account.findUniqueOrThrow({ where: { id: accountId } });
    const recipient = { kind: 'local', accountId, domainId: Number(account.domainId), address } as const;
    await deliver(server.intake, [recipient], 'Subject: kept\r\n\r\nkept\r\n');
    const [client, other] = [await reading(), await reading('ann@one.example')];
    expect(await askLine(client, 'DELE 1')).toBe('+OK Marked');
    await suspend();
    expect(await client.rest()).toBe('-ERR Your access has ended, sign in again\r\n');
    expect((await server.store.findFolder(accountId, 'INBOX'))?.exists).toBe(1);
    expect(await askLine(other, 'NOOP')).toBe('+OK Ok');
  });

  test('signed in by a password ends with it', async () => {
    const client = await reading();
    await resetPassword(context, { id });
    expect(await client.rest()).toBe('-ERR Your access has ended, sign in again\r\n');
  });
});
