import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { type MailServer, openMailServer, PASSWORD, SECRET } from '#engine/smtp/testing/open-mail-server.ts';
import { append } from '#engine/store/testing/open-test-store.ts';
import { createAccessTokens } from '#server/auth/access-token.ts';

let server: MailServer;
/** How far the sessions' clock is ahead. */
let aheadMs = 0;
const clients: LineClient[] = [];
const base64 = (text: string) => Buffer.from(text).toString('base64');

const MESSAGES = [
  'Subject: one\r\n\r\nfirst\r\n',
  'Subject: two\r\n\r\n.dot\r\n..\r\nsecond\r\nthird\r\n',
  `Subject: three\r\n\r\n${'0123456789abcdef'.repeat(4).concat('\r\n').repeat(20_000)}`,
];

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'), { now: () => new Date(Date.now() + aheadMs) });
});
afterAll(async () => {
  for (const client of clients) client.cut();
  await server.close();
});
beforeEach(async () => {
  const accountId = server.accounts.ann ?? 0;
  const inbox = await server.store.findFolder(accountId, 'INBOX');
  if (!inbox) throw new Error('no INBOX');
  const uids = Array.from({ length: inbox.uidNext }, (_, index) => index);
  await server.store.transact(accountId, (tx) => tx.expunge(inbox.id, uids, false));
  for (const message of MESSAGES) await append(server.store, accountId, 'INBOX', message);
});

async function connect(service: 'pop3' | 'pop3s' = 'pop3s'): Promise<LineClient> {
  const client = await server.connect(service);
  clients.push(client);
  expect(await client.line()).toBe('+OK mx.test POP3 ready');
  return client;
}

async function ask(client: LineClient, command: string): Promise<string | undefined> {
  client.send(`${command}\r\n`);
  return await client.line();
}

async function askLines(client: LineClient, command: string): Promise<string[]> {
  expect(await ask(client, command)).toMatch(/^\+OK/);
  return await client.dotLines();
}

async function signedIn(): Promise<LineClient> {
  const client = await connect();
  await ask(client, 'USER ann@one.example');
  expect(await ask(client, `PASS ${PASSWORD}`)).toMatch(/^\+OK ann@one\.example has 3 messages \(/);
  return client;
}

describe('the time to sign in', () => {
  afterEach(() => {
    aheadMs = 0;
  });

  test('is two minutes, whatever is said meanwhile', async () => {
    const client = await connect();
    aheadMs = 100_000;
    for (let round = 0; round < 5; round += 1) expect(await ask(client, 'USER ann@one.example')).toMatch(/^\+OK/);
    aheadMs = 120_000;
    client.send('USER ann@one.example\r\n'.repeat(20));
    expect(await client.rest()).toMatch(/\+OK [^\n]*\n-ERR \[SYS\/TEMP\] Timeout, closing the connection\r\n$/);
  });

  test('holds in an exchange too', async () => {
    const client = await connect();
    aheadMs = 120_000;
    client.send('AUTH PLAIN\r\n');
    expect(await client.rest()).toBe('+ \r\n-ERR [SYS/TEMP] Timeout, closing the connection\r\n');
  });

  test('is of no account once signed in', async () => {
    const client = await signedIn();
    aheadMs = 3_600_000;
    for (let round = 0; round < 3; round += 1) expect(await ask(client, 'NOOP')).toMatch(/^\+OK/);
  });
});

const countInbox = async () => (await server.readInbox('ann')).length;

describe('sign-in', () => {
  test('PLAIN and bearer tokens', async () => {
    const client = await connect();
    expect(await ask(client, 'AUTH PLAIN')).toBe('+ ');
    expect(await ask(client, base64(`\0ann@one.example\0${PASSWORD}`))).toMatch(/^\+OK/);
    const accountId = BigInt(server.accounts.ann ?? 0);
    const { id: sessionId } = await server.db.webSession.create({
      data: { id: randomUUID(), accountId, expiresAt: new Date(Date.now() + 60_000) },
    });
    const tokens = createAccessTokens({ secret: SECRET, now: () => new Date() });
    const token = await tokens.issueAccessToken({ sessionId, accountId });
    const bearer = await connect();
    expect(await ask(bearer, `AUTH OAUTHBEARER ${base64(`n,,\x01auth=Bearer ${token}\x01\x01`)}`)).toMatch(/^\+OK/);
    const wrong = await connect();
    expect(await ask(wrong, `AUTH OAUTHBEARER ${base64('n,,\x01auth=Bearer nonsense\x01\x01')}`)).toMatch(/^\+ /);
    expect(await ask(wrong, 'AQ==')).toBe('-ERR [AUTH] Authentication failed');
  });

  test('a password with spaces, and none that is wrong', async () => {
    const client = await connect();
    expect(await ask(client, 'PASS x')).toBe('-ERR USER first');
    expect(await ask(client, 'USER nobody@one.example')).toBe('+OK Password, please');
    expect(await ask(client, 'PASS wrong')).toBe('-ERR [AUTH] Authentication failed');
    expect(await ask(client, 'PASS wrong')).toBe('-ERR USER first');
    await ask(client, 'USER away@one.example');
    expect(await ask(client, `PASS ${PASSWORD}`)).toBe('-ERR [AUTH] Account suspended');
    await ask(client, 'USER ann@one.example');
    expect(await ask(client, `PASS  ${PASSWORD}`)).toBe('-ERR [AUTH] Authentication failed');
    expect(await client.rest()).toBe('');
  });

  test('in clear nothing is offered or taken; STLS changes that', async () => {
    const client = await connect('pop3');
    const before = await askLines(client, 'CAPA');
    expect(before).toContain('STLS');
    expect(before.join()).not.toMatch(/USER|SASL/);
    for (const command of [
      'USER ann@one.example',
      `AUTH PLAIN ${base64(`\0ann@one.example\0${PASSWORD}`)}`,
      'PASS x',
    ]) {
      expect(await ask(client, command)).toBe('-ERR [SYS/PERM] Sign in over TLS: STLS first');
    }
    expect(await ask(client, 'STLS')).toBe('+OK Begin TLS');
    await client.startTls();
    expect(await askLines(client, 'CAPA')).toEqual([
      'TOP',
      'UIDL',
      'RESP-CODES',
      'AUTH-RESP-CODE',
      'PIPELINING',
      'EXPIRE NEVER',
      'LOGIN-DELAY 0',
      'USER',
      'SASL SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN OAUTHBEARER XOAUTH2',
      'IMPLEMENTATION Mailstead',
    ]);
    await ask(client, 'USER ann@one.example');
    expect(await ask(client, `PASS ${PASSWORD}`)).toMatch(/^\+OK/);
  });

  test('STLS injection: a command in clear behind it is never run', async () => {
    const client = await connect('pop3');
    client.send('STLS\r\nUSER injected\r\n');
    expect(await client.line()).toBe('-ERR Input behind STLS, closing the connection');
    expect(await client.rest()).toBe('');
  });
});

describe('a maildrop', () => {
  test('is listed by number, size and unique id', async () => {
    const client = await signedIn();
    const sizes = (await server.readInbox('ann')).map((message) => message.length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(await ask(client, 'STAT')).toBe(`+OK 3 ${total}`);
    expect(await askLines(client, 'LIST')).toEqual(sizes.map((size, index) => `${index + 1} ${size}`));
    expect(await ask(client, 'LIST 2')).toBe(`+OK 2 ${sizes[1]}`);
    const ids = await askLines(client, 'UIDL');
    expect(ids.every((line, index) => new RegExp(`^${index + 1} \\d+\\.\\d+$`).test(line))).toBe(true);
    expect(await ask(client, 'UIDL 3')).toBe(`+OK ${ids[2]}`);
  });

  test('gives messages byte for byte, periods stuffed', async () => {
    const client = await signedIn();
    const stored = await server.readInbox('ann');
    for (const [index, message] of stored.entries()) {
      const lines = await askLines(client, `RETR ${index + 1}`);
      expect(lines.map((line) => `${line}\r\n`).join('')).toBe(message);
    }
    client.send('RETR 2\r\n');
    await client.line();
    for (const line of ['Subject: two', '', '..dot', '...', 'second', 'third', '.'])
      expect(await client.line()).toBe(line);
  });

  test('gives tops', async () => {
    const client = await signedIn();
    expect(await askLines(client, 'TOP 2 0')).toEqual(['Subject: two', '']);
    expect(await askLines(client, 'TOP 2 2')).toEqual(['Subject: two', '', '.dot', '..']);
    expect(await askLines(client, 'TOP 3 1')).toHaveLength(3);
  });

  test('loses what is marked at QUIT, and only then', async () => {
    const client = await signedIn();
    expect(await ask(client, 'DELE 1')).toBe('+OK Marked');
    expect(await ask(client, 'DELE 1')).toBe('-ERR No such message');
    expect(await ask(client, 'RETR 1')).toBe('-ERR No such message');
    expect(await ask(client, 'STAT')).toMatch(/^\+OK 2 /);
    expect((await askLines(client, 'LIST')).map((line) => line.split(' ')[0])).toEqual(['2', '3']);
    expect(await ask(client, 'RSET')).toMatch(/^\+OK/);
    expect(await ask(client, 'STAT')).toMatch(/^\+OK 3 /);
    await ask(client, 'DELE 2');
    expect(await countInbox()).toBe(3);
    expect(await ask(client, 'QUIT')).toBe('+OK Bye');
    await client.rest();
    expect(await server.readInbox('ann')).toEqual([MESSAGES[0], MESSAGES[2]]);
  });

  test('keeps everything where the session ends otherwise', async () => {
    const client = await signedIn();
    await ask(client, 'DELE 1');
    client.finish();
    expect(await client.rest()).toBe('');
    expect(await countInbox()).toBe(3);
  });

  test('is stable: new mail is not in it, removed mail is told to be gone', async () => {
    const client = await signedIn();
    const accountId = server.accounts.ann ?? 0;
    await append(server.store, accountId, 'INBOX', 'Subject: late\r\n\r\n');
    expect(await ask(client, 'STAT')).toMatch(/^\+OK 3 /);
    const inbox = await server.store.findFolder(accountId, 'INBOX');
    const uid = Number((await ask(client, 'UIDL 1'))?.split('.')[1]);
    await server.store.transact(accountId, (tx) => tx.expunge(inbox?.id ?? 0, [uid], false));
    expect(await ask(client, 'RETR 1')).toBe('-ERR Message is gone, another session removed it');
    await ask(client, 'DELE 1');
    expect(await ask(client, 'QUIT')).toBe('+OK Bye');
    expect(await countInbox()).toBe(3);
  });
});

describe('bad input', () => {
  test.each([
    ['RETR', '-ERR Syntax error in arguments'],
    ['RETR x', '-ERR Syntax error in arguments'],
    ['RETR 0', '-ERR No such message'],
    ['RETR 4', '-ERR No such message'],
    ['RETR 9999999999', '-ERR No such message'],
    ['TOP 1', '-ERR Syntax error in arguments'],
    ['TOP 1 -1', '-ERR Syntax error in arguments'],
    ['LIST 4', '-ERR No such message'],
    ['DELE', '-ERR Syntax error in arguments'],
    ['NOOP 1', '-ERR Syntax error in arguments'],
    ['USER ann', '-ERR Already signed in'],
    ['STLS', '-ERR Already signed in'],
    ['APOP a b', '-ERR Unknown command'],
    ['', '-ERR Unknown command'],
    ['GET / HTTP/1.1', '-ERR Unknown command'],
  ])('signed in: %j', async (command, answer) => expect(await ask(await signedIn(), command)).toBe(answer));

  test.each(['STAT', 'LIST', 'UIDL', 'RETR 1', 'TOP 1 1', 'DELE 1', 'RSET', 'NOOP'])(
    'before sign-in: %s',
    async (command) => {
      expect(await ask(await connect(), command)).toBe('-ERR Sign in first');
    },
  );

  test('an over-long line ends the session', async () => {
    expect(await ask(await connect(), 'x'.repeat(20_000))).toBe('-ERR Line too long, closing the connection');
  });

  test('too many errors end the session', async () => {
    const client = await connect();
    client.send('FOO\r\n'.repeat(30));
    expect((await client.rest()).split('\r\n').at(-2)).toBe('-ERR Too many errors, closing the connection');
  });

  test('a bare LF ends no command', async () => {
    const client = await connect();
    client.send('QUIT\n');
    expect(await client.line()).toBe('-ERR Lines must end with CRLF');
  });
});

test('pipelined commands are answered in order', async () => {
  const client = await connect();
  client.send(`USER ann@one.example\r\nPASS ${PASSWORD}\r\nSTAT\r\nLIST 1\r\nTOP 1 0\r\nDELE 1\r\nRSET\r\nQUIT\r\n`);
  const lines = (await client.rest()).split('\r\n');
  expect(lines.filter((line) => /^(\+OK|-ERR)/.test(line))).toHaveLength(8);
  expect(lines.every((line) => !line.startsWith('-ERR'))).toBe(true);
});
