/** However many keywords there are: they are told once, and a folder has no more than 500. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
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

describe('a folder has at most 500 different keywords', () => {
  const names = (from: number, count: number) => Array.from({ length: count }, (_, at) => `k${from + at}`).join(' ');
  const told = (lines: readonly string[]) => lines.find(startsWith('* FLAGS'))?.match(/ k\d+/gi)?.length;
  const keywordsOf = (lines: readonly string[]) => lines[0]?.match(/\bk\d+/g);
  let ask: (command: string) => Promise<string[]>;

  beforeAll(async () => {
    ask = await connect(await fill('many', 12));
    await ask('CREATE full');
    await ask('COPY 1:11 full');
    await ask('SELECT full');
    for (let number = 1; number <= 10; number += 1)
      await ask(`STORE ${number} FLAGS.SILENT (${names(number * 50, 50)})`);
  });

  test('STORE of one more is refused; known ones and removals are not', async () => {
    expect(await ask('STORE 11 +FLAGS (one-more)')).toEqual([
      't NO [LIMIT] There are too many different keywords in this folder.',
    ]);
    expect(await ask('STORE 11 +FLAGS (K50 k549)')).toContain('* 11 FETCH (UID 11 FLAGS (K50 k549))');
    expect((await ask('STORE 11 -FLAGS (K50 one-more)')).at(-1)).toMatch(/^t OK/);
  });

  test('APPEND and COPY take the message and the keywords there is room for', async () => {
    expect((await ask('APPEND full (one-more k50) {3+}\r\nx\r\n')).at(-1)).toMatch(/^t OK/);
    expect(keywordsOf(await ask('FETCH 12 FLAGS'))).toEqual(['k50']);
    await ask('SELECT INBOX');
    await ask('STORE 12 FLAGS.SILENT (k51 another k52)');
    expect((await ask('COPY 12 full')).at(-1)).toMatch(/^t OK \[COPYUID/);
    expect(told(await ask('SELECT full'))).toBe(500);
    expect((await ask('FETCH 13 FLAGS'))[0]).toContain('FLAGS (k51 k52)');
  });

  test('keywords that nobody has any more make room', async () => {
    expect((await ask('STORE 1 FLAGS.SILENT ()')).at(-1)).toMatch(/^t OK/);
    expect((await ask('STORE 11 +FLAGS.SILENT (one-more)')).at(-1)).toMatch(/^t OK/);
  });

  test('a session is told no more of them, whatever came and went', async () => {
    const watch = await connect('many@one.example');
    expect((await watch('SELECT full')).at(-1)).toMatch(/^t OK/);
    for (let number = 2; number <= 10; number += 1) {
      await ask(`STORE ${number} FLAGS.SILENT ()`);
      await ask(`STORE ${number} FLAGS.SILENT (${names(number * 50 + 1000, 50)})`);
      await watch('NOOP');
    }
    await ask('STORE 12 FLAGS.SILENT (last)');
    const lines = await watch('NOOP');
    expect(lines[0]).toContain('FLAGS (last)');
    expect(told(lines)).toBeUndefined();
  });
});
