/** Input that no honest client sends: each gets a clear refusal, and the server goes on serving. */
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { append } from '#engine/store/testing/open-test-store.ts';
import { type ImapServer, openImapServer, PASSWORD } from './testing/open-imap-server.ts';
import { play } from './testing/transcript.ts';

let server: ImapServer;
/** How far the sessions' clock is ahead. */
let aheadMs = 0;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'), {
    limits: { appendBytes: 1024 * 1024 },
    now: () => new Date(Date.now() + aheadMs),
  });
  await append(server.store, server.accountId, 'INBOX', 'Subject: x\r\n\r\nx\r\n');
});
afterAll(() => server.close());

/** Whatever happened before, the next client is served. */
afterEach(() =>
  play(
    { port: server.port },
    'C1: z select inbox\nS1* z OK ...\nC1: y fetch 1 rfc822.size\nS1: * 1 FETCH ...\nS1: y OK ...',
  ),
);

async function connect(signIn = true): Promise<LineClient> {
  const client = await LineClient.connect(server.port);
  await client.line();
  if (!signIn) return client;
  client.send(`login login ${server.address} "${PASSWORD}"\r\n`);
  await client.line();
  return client;
}

async function answer(bytes: string | Buffer, signIn = true): Promise<string | undefined> {
  const client = await connect(signIn);
  client.send(bytes);
  const line = await client.line();
  client.cut();
  return line;
}

test('a line without end closes the connection before it is all read', async () => {
  const client = await connect(false);
  client.send(`a ${'x'.repeat(200_000)}`);
  expect(await client.rest()).toBe('* BYE The line is too long\r\n');
});

test('a literal that would be too large is refused before its bytes are sent', async () => {
  const client = await connect();
  client.send('a search text {999999999}\r\n');
  expect(await client.line()).toBe('a BAD [TOOBIG] The command is too large');
  client.send('b search text {99999999999999999999999}\r\n');
  expect(await client.line()).toBe('b BAD [TOOBIG] The command is too large');
  client.send('c noop\r\n');
  expect(await client.line()).toBe('c OK NOOP completed');
  client.cut();
});

test('commands that do nothing do not hold a place for more than two minutes before login', async () => {
  const client = await connect(false);
  aheadMs = 100_000;
  for (let round = 0; round < 5; round += 1) {
    client.send('a noop\r\n');
    expect(await client.line()).toBe('a OK NOOP completed');
  }
  aheadMs = 120_000;
  client.send('b noop\r\n'.repeat(20));
  expect(await client.rest()).toBe('b OK NOOP completed\r\n* BYE Autologout, login took too long\r\n');
  aheadMs = 0;
});

test('the time to log in holds in an exchange too, and is of no account once logged in', async () => {
  const [stranger, owner] = [await connect(false), await connect()];
  aheadMs = 120_000;
  stranger.send('a authenticate plain\r\n');
  expect(await stranger.rest()).toBe('+ \r\n* BYE Autologout, login took too long\r\n');
  aheadMs = 3_600_000;
  for (let round = 0; round < 3; round += 1) {
    owner.send('a noop\r\n');
    expect(await owner.line()).toBe('a OK NOOP completed');
  }
  aheadMs = 0;
  owner.cut();
});

test('before login a command may be no longer than a token', async () => {
  expect(await answer('a login {20000}\r\n', false)).toBe('a BAD [TOOBIG] The command is too large');
});

test('a huge non-synchronizing literal is not read but ends the session', async () => {
  const client = await connect();
  client.send('a search text {999999999+}\r\n');
  expect(await client.rest()).toBe('* BYE Too many bytes in a refused literal\r\n');
});

test('a refused non-synchronizing literal within bounds is dropped and the session goes on', async () => {
  const client = await connect();
  client.send(`a search text {300000+}\r\n${'x'.repeat(300_000)} seen\r\nb noop\r\n`);
  expect(await client.line()).toBe('a BAD [TOOBIG] The command is too large');
  expect(await client.line()).toBe('b OK NOOP completed');
  client.cut();
});

test('APPEND larger than the limit: refused when asked, cut when sent unasked', async () => {
  expect(await answer('a append inbox {2000000}\r\n')).toBe('a NO [TOOBIG] The message is too large');
  expect(await answer('a append inbox {2000000+}\r\nSubject: x')).toBe('* BYE The message is too large');
});

test('literal8 is refused politely', async () => {
  const client = await connect();
  client.send('a search text ~{3}\r\n');
  expect(await client.line()).toBe('a BAD A literal8 is not taken here');
  client.send('b search text ~{3+}\r\nabc\r\nc noop\r\n');
  expect(await client.line()).toBe('b BAD A literal8 is not taken here');
  expect(await client.line()).toBe('c OK NOOP completed');
  client.cut();
});

test('NUL in an atom, a quoted string and a literal', async () => {
  expect(await answer('a select in\0box\r\n')).toMatch(/^a BAD /);
  expect(await answer('a select "in\0box"\r\n')).toMatch(/^a BAD /);
  expect(await answer('a select {5+}\r\nin\0ox\r\n')).toBe('a BAD NUL is not allowed in a literal');
});

test('bare LF ends no command', async () => {
  const client = await connect();
  client.send('a noop\nb noop\r\n');
  expect(await client.line()).toBe('a BAD Lines end with CRLF');
  expect(await client.line()).toBe('b OK NOOP completed');
  client.cut();
});

test('invalid UTF-8 and overlong forms', async () => {
  expect(await answer(Buffer.from('a select "\xc0\xaf"\r\n', 'latin1'))).toBe('a BAD Text is not valid UTF-8');
  expect(await answer(Buffer.from('a select \xe4\r\n', 'latin1'))).toMatch(/^a BAD /);
});

test('10,000 nested parentheses', async () => {
  const client = await connect();
  client.send(`s select inbox\r\na search ${'('.repeat(10_000)}all${')'.repeat(10_000)}\r\nb noop\r\n`);
  const received: string[] = [];
  for (let line = await client.line(); line && !line.startsWith('b '); line = await client.line()) received.push(line);
  expect(received.at(-1)).toBe('a BAD Search is too complex');
  client.cut();
});

test('NOT NOT NOT and OR OR OR without end', async () => {
  const client = await connect();
  client.send(`s examine inbox\r\n`);
  while (!(await client.line())?.startsWith('s OK'));
  client.send(`a search ${'not '.repeat(10_000)}all\r\n`);
  expect(await client.line()).toBe('a BAD Search is too complex');
  client.send(`b search ${'or all '.repeat(5_000)}all\r\n`);
  expect(await client.line()).toBe('b BAD Search is too complex');
  client.send(`c search ${'seen '.repeat(5_000)}all\r\n`);
  expect(await client.line()).toBe('c BAD Search is too complex');
  client.send(`d search ${'text x '.repeat(100)}all\r\n`);
  expect(await client.line()).toBe('d BAD Search is too complex');
  client.cut();
});

test('a section nested a thousand deep, a list of 60,000 items, a set of all numbers', async () => {
  const client = await connect();
  client.send('s examine inbox\r\n');
  while (!(await client.line())?.startsWith('s OK'));
  client.send(`a fetch 1 body[${'1.'.repeat(1_000)}1]\r\n`);
  expect(await client.line()).toBe('a BAD Section is nested too deeply');
  client.send(`b fetch 1 (${'uid '.repeat(10_000)}uid)\r\n`);
  expect(await client.line()).toBe('b BAD Too many FETCH items');
  client.send('c uid fetch 1:4294967295,4294967295:1,*:1 uid\r\n');
  expect(await client.line()).toBe('* 1 FETCH (UID 1)');
  expect(await client.line()).toBe('c OK UID FETCH completed');
  client.send('d uid fetch 4294967296 uid\r\ne uid fetch 0 uid\r\n');
  expect(await client.line()).toBe('d BAD Number is too large');
  expect(await client.line()).toBe('e BAD Number must not be 0');
  client.cut();
});

test('a pattern of wildcards does not take long', async () => {
  const client = await connect();
  const pattern = '%*'.repeat(400);
  client.send(`a list "" "${pattern}x"\r\n`);
  expect(await client.line()).toBe('a OK LIST completed');
  client.send(`b list "" "${'a'.repeat(2_000)}"\r\n`);
  expect(await client.line()).toBe('b BAD Pattern is too long');
  client.cut();
});

test('half a command, half a literal, half an APPEND, then gone', async () => {
  for (const half of [
    'a sel',
    'a search text {10}\r\nabc',
    'a append inbox {1000+}\r\nSubject: half',
    'a idle\r\nDO',
  ]) {
    const client = await connect();
    client.send(half);
    client.finish();
    await client.rest();
  }
  const inbox = await server.store.findFolder(server.accountId, 'INBOX');
  expect(inbox?.exists).toBe(1);
});

test('a client that only makes errors is cut off', async () => {
  const client = await connect(false);
  client.send('x y\r\n'.repeat(50));
  const received = await client.rest();
  expect(received.match(/x BAD/g)).toHaveLength(20);
  expect(received).toMatch(/\* BYE Too many errors\r\n$/);
});

test('a browser made to speak HTTP gets nowhere', async () => {
  expect(await answer('POST / HTTP/1.1\r\n', false)).toBe('POST BAD Unknown command');
});

test('a response code or a line cannot be injected through a tag or a name', async () => {
  expect(await answer('a* noop\r\n')).toBe('* BAD Expected a space');
  expect(await answer('+ noop\r\n')).toBe('* BAD Expected a tag');
  expect(await answer('a create "x\\"y"\r\n')).toMatch(/^a OK /);
  expect(await answer('a list "" "x*"\r\n')).toBe('* LIST (\\HasNoChildren) "/" "x\\"y"');
  expect(await answer('a create {4+}\r\nx\r\ny\r\n')).toBe('a BAD Mailbox name is not valid modified UTF-7');
});

test('SASL lines without end and with too much in them', async () => {
  const client = await connect(false);
  client.send(`a authenticate plain\r\n${'A'.repeat(100_000)}`);
  expect(await client.rest()).toMatch(/\* BYE The line is too long\r\n$/);
  expect(await answer(`a authenticate plain ${Buffer.from('no separators').toString('base64')}\r\n`, false)).toMatch(
    /^a BAD /,
  );
  expect(await answer(`a authenticate xoauth2 ${Buffer.from('user=x').toString('base64')}\r\n`, false)).toMatch(
    /^a BAD /,
  );
});
