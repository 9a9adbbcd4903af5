import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { type ImapServer, openImapServer, PASSWORD } from './testing/open-imap-server.ts';

let server: ImapServer;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'), { limits: { sessionsPerAccount: 2 } });
  await server.addAccount('ben@one.example');
});
afterAll(() => server.close());

async function signIn(address: string): Promise<{ client: LineClient; answer: string | undefined }> {
  const client = await LineClient.connect(server.port);
  await client.line();
  client.send(`a LOGIN ${address} "${PASSWORD}"\r\n`);
  return { client, answer: await client.line() };
}

test('one mailbox cannot take every place: over its own it is refused, others are not, and places come back', async () => {
  const open = [await signIn(server.address), await signIn(server.address)];
  expect(open.map(({ answer }) => answer?.slice(0, 4))).toEqual(['a OK', 'a OK']);
  const third = await signIn(server.address);
  expect(third.answer).toBe('a NO [LIMIT] This mailbox is open too many times already');
  third.client.send(`b LOGIN ben@one.example "${PASSWORD}"\r\n`);
  expect(await third.client.line()).toMatch(/^b OK/);
  open[0]?.client.cut();
  await vi.waitFor(
    async () => {
      const next = await signIn(server.address);
      next.client.cut();
      expect(next.answer).toMatch(/^a OK/);
    },
    { timeout: 20_000 },
  );
  for (const { client } of [...open, third]) client.cut();
});
