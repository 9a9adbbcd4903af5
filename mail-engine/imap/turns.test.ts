/** However much one client asks for of what is in memory, the others have their turn of the event loop in between. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import { SocketConnection } from '#engine/net/socket-connection.ts';
import { busiestTurn } from '#engine/net/testing/busiest-turn.ts';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { append } from '#engine/store/testing/open-test-store.ts';
import { FetchWriter } from './fetch/response.ts';
import { SelectedFolder } from './selected-folder.ts';
import { type ImapServer, openImapServer, PASSWORD } from './testing/open-imap-server.ts';

const MESSAGES = 4096;
/** The sessions' clock: every look at it takes a millisecond. */
let ms = Date.now();
let server: ImapServer;
let client: LineClient;

beforeAll(async () => {
  const now = () => {
    ms += 1;
    return new Date(ms);
  };
  server = await openImapServer(inject('clusterUrl'), { now });
  await append(server.store, server.accountId, 'INBOX', 'Subject: x\r\n\r\nx\r\n');
  const inbox = await server.store.findFolder(server.accountId, 'INBOX');
  const uids = Array.from({ length: MESSAGES }, (_, at) => at + 1);
  for (let count = 1; count < MESSAGES; count *= 2) {
    await server.store.transact(server.accountId, (tx) => tx.copy(inbox?.id ?? 0, uids.slice(0, count), 'INBOX'));
  }
});
afterAll(() => server.close());
afterEach(() => vi.restoreAllMocks());
beforeEach(async () => {
  client = await LineClient.connect(server.port);
  client.send(`a LOGIN ${server.address} "${PASSWORD}"\r\nb SELECT INBOX\r\n`);
  while (!(await client.line())?.startsWith('b OK'));
  return () => client.cut();
});

/** The most calls of a method in one turn until the client has all its answers. */
async function mostCalls(method: { mock: { calls: unknown[] } }, commands: string): Promise<number> {
  client.send(`${commands}z LOGOUT\r\n`);
  const answers = client.rest();
  const most = await busiestTurn(answers, () => method.mock.calls.length);
  expect(await answers).toMatch(/^z OK /m);
  return most;
}

test.each([
  ['CAPABILITY', 'c CAPABILITY\r\n'],
  ['FETCH of flags', 'c FETCH 1 FLAGS\r\n'],
  ['SEARCH', 'c SEARCH 1\r\n'],
])('commands: %s', async (_, command) => {
  const readLine = vi.spyOn(SocketConnection.prototype, 'readLine');
  expect(await mostCalls(readLine, command.repeat(5_000))).toBeLessThan(50);
  expect(readLine.mock.calls.length).toBeGreaterThanOrEqual(5_000);
});

test('messages of one FETCH', async () => {
  const write = vi.spyOn(FetchWriter.prototype, 'write');
  expect(await mostCalls(write, 'c FETCH 1:* FLAGS\r\n')).toBeLessThan(50);
  expect(write.mock.calls).toHaveLength(MESSAGES);
});

test('messages and keys of one SEARCH', async () => {
  const findEntry = vi.spyOn(SelectedFolder.prototype, 'findEntry');
  expect(await mostCalls(findEntry, `c SEARCH ${'UNSEEN '.repeat(20)}ALL\r\n`)).toBeLessThan(10_000);
  expect(findEntry.mock.calls).toHaveLength(20 * MESSAGES);
});

test('messages told of by NOOP', async () => {
  const uids = Array.from({ length: MESSAGES }, (_, at) => at + 1);
  const change = { mode: 'add' as const, flags: 4, keywords: [] };
  const inbox = await server.store.findFolder(server.accountId, 'INBOX');
  const findEntry = vi.spyOn(SelectedFolder.prototype, 'findEntry');
  await server.store.transact(server.accountId, (tx) => tx.storeFlags(inbox?.id ?? 0, uids, change));
  expect(await mostCalls(findEntry, 'c NOOP\r\n')).toBeLessThan(50);
});
