/** Sessions whose right ends while they are open. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { deleteAccounts } from '#server/accounts/delete-accounts.ts';
import { resetPassword } from '#server/accounts/reset-password.ts';
import { suspendAccounts } from '#server/accounts/suspend-accounts.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { createAccessTokens } from '#server/auth/access-token.ts';
import { signOut } from '#server/auth/web-session.ts';
import { createPrisma, type PrismaClient } from '#server/database/prisma.ts';
import { suspendDomains } from '#server/domains/suspend-domains.ts';
import type { Context } from '#server/operation.ts';
import { type ImapServer, openImapServer, PASSWORD, SECRET } from './testing/open-imap-server.ts';

const BYE = '* BYE [UNAVAILABLE] Your access has ended, sign in again';
const now = () => new Date();

let server: ImapServer;
let db: PrismaClient;
let context: Context;
let names = 0;
const clients: LineClient[] = [];
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'));
  db = createPrisma(server.url, 2);
  context = { db, actor: SYSTEM, now };
});
afterAll(async () => {
  await db.$disconnect();
  await server.close();
});

let address: string;
let accountId: number;
/** Of another tenant: it is there throughout, and stays. */
let neighbour: LineClient;
beforeEach(async () => {
  names += 1;
  address = `anna@tenant-${names}.example`;
  accountId = await server.addAccount(address);
  const other = `bert@neighbour-${names}.example`;
  await server.addAccount(other);
  neighbour = await idling(await signedIn(other));
});
afterEach(async () => {
  neighbour.send('DONE\r\n');
  expect(await neighbour.line()).toBe('idle OK IDLE completed');
  for (const client of clients.splice(0)) client.cut();
});

async function connect(): Promise<LineClient> {
  const client = await LineClient.connect(server.port);
  clients.push(client);
  expect(await client.line()).toMatch(/^\* OK /);
  return client;
}

async function ask(client: LineClient, command: string): Promise<string> {
  client.send(`${command}\r\n`);
  const tag = command.slice(0, command.indexOf(' '));
  for (;;) {
    const line = await client.line();
    if (line === undefined || line.startsWith(`${tag} `) || line.startsWith('+')) return line ?? '(closed)';
  }
}

async function signedIn(name = address): Promise<LineClient> {
  const client = await connect();
  expect(await ask(client, `login LOGIN ${name} "${PASSWORD}"`)).toMatch(/^login OK /);
  return client;
}

async function signedInByToken(): Promise<{ client: LineClient; sessionId: string }> {
  const sessionId = randomUUID();
  const expiresAt = new Date(Date.now() + 3_600_000);
  await db.webSession.create({ data: { id: sessionId, accountId: BigInt(accountId), expiresAt } });
  const token = await createAccessTokens({ secret: SECRET, now }).issueAccessToken({ sessionId, accountId });
  const response = Buffer.from(`n,a=${address},\x01auth=Bearer ${token}\x01\x01`).toString('base64');
  const client = await connect();
  expect(await ask(client, `token AUTHENTICATE OAUTHBEARER ${response}`)).toMatch(/^token OK /);
  return { client, sessionId };
}

async function idling(client: LineClient): Promise<LineClient> {
  expect(await ask(client, 'select SELECT INBOX')).toMatch(/^select OK /);
  expect(await ask(client, 'idle IDLE')).toBe('+ idling');
  return client;
}

const deleteAccount = () => deleteAccounts(context, { ids: [String(accountId)] });
const suspendAccount = () => suspendAccounts(context, { ids: [String(accountId)] });

async function suspendDomain(): Promise<void> {
  const { domainId } = await db.account.findUniqueOrThrow({ where: { id: BigInt(accountId) } });
  await suspendDomains(context, { ids: [String(domainId)] });
}

test.each([
  ['suspended', suspendAccount],
  ['deleted', deleteAccount],
  ['of a suspended domain', suspendDomain],
])('a mailbox %s ends its sessions, in IDLE and between commands', async (_, act) => {
  const [first, second] = [await idling(await signedIn()), (await signedInByToken()).client];
  const third = await signedIn();
  await act();
  for (const client of [first, second, third]) expect(await client.rest()).toBe(`${BYE}\r\n`);
});

test('what is under way is not finished: a message on its way in is not stored', async () => {
  const client = await signedIn();
  expect(await ask(client, 'a1 APPEND INBOX {1000}')).toMatch(/^\+ /);
  client.send('Subject: half');
  await suspendAccount();
  expect(await client.rest()).toBe(`${BYE}\r\n`);
  const inbox = await server.store.findFolder(accountId, 'INBOX');
  expect(inbox?.exists).toBe(0);
});

test('a new password ends the sessions signed in by the old one', async () => {
  const client = await idling(await signedIn());
  await resetPassword(context, { id: String(accountId), password: 'quite another horse' });
  expect(await client.rest()).toBe(`${BYE}\r\n`);
  const again = await connect();
  expect(await ask(again, `a1 LOGIN ${address} "${PASSWORD}"`)).toMatch(/^a1 NO \[AUTHENTICATIONFAILED\] /);
  expect(await ask(again, `a2 LOGIN ${address} "quite another horse"`)).toMatch(/^a2 OK /);
  expect(await ask(again, 'a3 NOOP')).toBe('a3 OK NOOP completed');
});

test('a web session that is signed out takes its own IMAP sessions along, no others', async () => {
  const byPassword = await signedIn();
  const elsewhere = await signedInByToken();
  const { client, sessionId } = await signedInByToken();
  await signOut({ db, now }, sessionId);
  expect(await client.rest()).toBe(`${BYE}\r\n`);
  for (const open of [byPassword, elsewhere.client]) expect(await ask(open, 'a1 NOOP')).toBe('a1 OK NOOP completed');
});

test('it holds after the database cut the connection that listens', async () => {
  const client = await idling(await signedIn());
  const { rowCount } = await server.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'mailstead listen mailstead_directory'`);
  expect(rowCount).toBe(1);
  await suspendAccount();
  expect(await client.rest()).toBe(`${BYE}\r\n`);
});
