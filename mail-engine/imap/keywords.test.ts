/** However many keywords there are: they are told once. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { append } from '#engine/store/testing/open-test-store.ts';
import { type ImapServer, openImapServer, PASSWORD } from './testing/open-imap-server.ts';

let server: ImapServer;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'));
});
afterAll(() => server.close());

/** An account of its own with `count` messages in INBOX. */
async function fill(name: string, count: number): Promise<string> {
  const address = `${name}@one.example`;
  const accountId = await server.addAccount(address);
  for (let made = 0; made < count; made += 1) await append(server.store, accountId, 'INBOX', 'Subject: x\r\n\r\nx\r\n');
  return address;
}

/** Answers of one command after the other: the lines up to its tagged one. */
async function connect(address: string): Promise<(command: string) => Promise<string[]>> {
  const client = await LineClient.connect(server.port);
  const ask = async (command: string) => {
    client.send(`t ${command}\r\n`);
    for (const lines: string[] = []; ; ) {
      const line = (await client.line()) ?? 't (closed)';
      lines.push(line);
      if (line.startsWith('t ')) return lines;
    }
  };
  await ask(`LOGIN ${address} "${PASSWORD}"`);
  await ask('SELECT INBOX');
  return ask;
}

const startsWith = (start: string) => (line: string) => line.startsWith(start);

test('new keywords of many messages are told in one FLAGS and one PERMANENTFLAGS, before the messages', async () => {
  const address = await fill('told', 20);
  const [reader, writer] = [await connect(address), await connect(address)];
  for (let number = 1; number <= 20; number += 1) await writer(`STORE ${number} +FLAGS.SILENT (k${number} K${number})`);
  const lines = await reader('NOOP');
  expect(lines.findLastIndex(startsWith('* FLAGS'))).toBe(0);
  expect(lines.findLastIndex(startsWith('* OK [PERMANENTFLAGS'))).toBe(1);
  expect(lines[0]?.match(/ k\d+/gi)).toHaveLength(20);
  expect(lines).toHaveLength(2 + 20 + 1);
});

test("STORE's answer tells them once too", async () => {
  const address = await fill('answer', 10);
  const [reader, writer] = [await connect(address), await connect(address)];
  for (let number = 1; number <= 10; number += 1) await writer(`STORE ${number} +FLAGS.SILENT (k${number})`);
  const lines = await reader('STORE 1:* +FLAGS (\\Seen)');
  expect(lines.filter(startsWith('* FLAGS'))).toHaveLength(1);
  expect(lines.findIndex(startsWith('* 1 FETCH'))).toBe(2);
});
