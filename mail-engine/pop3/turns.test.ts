/** However much one client pipelines, the others have their turn of the event loop in between. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import { SocketConnection } from '#engine/net/socket-connection.ts';
import { busiestTurn } from '#engine/net/testing/busiest-turn.ts';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { type MailServer, openMailServer, PASSWORD } from '#engine/smtp/testing/open-mail-server.ts';
import { append } from '#engine/store/testing/open-test-store.ts';

const MESSAGES = 1024;
/** The sessions' clock: every look at it takes a millisecond. */
let ms = Date.now();
let server: MailServer;
let client: LineClient;

beforeAll(async () => {
  const now = () => {
    ms += 1;
    return new Date(ms);
  };
  server = await openMailServer(inject('clusterUrl'), { now });
  const accountId = server.accounts.ann ?? 0;
  await append(server.store, accountId, 'INBOX', 'x\r\n');
  const inbox = await server.store.findFolder(accountId, 'INBOX');
  const uids = Array.from({ length: MESSAGES }, (_, at) => at + 1);
  for (let count = 1; count < MESSAGES; count *= 2) {
    await server.store.transact(accountId, (tx) => tx.copy(inbox?.id ?? 0, uids.slice(0, count), 'INBOX'));
  }
});
afterAll(async () => await server.close());
afterEach(() => vi.restoreAllMocks());
beforeEach(async () => {
  client = await server.connect('pop3s');
  await client.line();
  client.send(`USER ann@one.example\r\nPASS ${PASSWORD}\r\n`);
  await client.line();
  expect(await client.line()).toMatch(/^\+OK/);
  return () => client.cut();
});

test.each(['STAT', 'NOOP', 'LIST 5', 'UIDL 5'])('%s', async (command) => {
  const readLine = vi.spyOn(SocketConnection.prototype, 'readLine');
  const count = 10_000;
  client.send(`${`${command}\r\n`.repeat(count)}QUIT\r\n`);
  const answers = client.rest();
  expect(await busiestTurn(answers, () => readLine.mock.calls.length)).toBeLessThan(50);
  expect((await answers).match(/^\+OK/gm)).toHaveLength(count + 1);
});
