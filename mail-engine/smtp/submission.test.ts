import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { createAccessTokens } from '#server/auth/access-token.ts';
import { type MailServer, openMailServer, PASSWORD, SECRET } from './testing/open-mail-server.ts';

let server: MailServer;
/** How far the sessions' clock is ahead. */
let aheadMs = 0;
const clients: LineClient[] = [];

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'), { now: () => new Date(Date.now() + aheadMs) });
});
afterAll(async () => {
  for (const client of clients) client.cut();
  await server.close();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const plain = (name: string, password: string) => base64(`\0${name}\0${password}`);

async function connect(): Promise<LineClient> {
  const client = await server.connect('submissions');
  clients.push(client);
  await client.reply();
  await client.ask('EHLO laptop.example');
  return client;
}

async function signedIn(name = 'ann@one.example'): Promise<LineClient> {
  const client = await connect();
  expect(await client.ask(`AUTH PLAIN ${plain(name, PASSWORD)}`)).toBe('235 2.7.0 Authentication succeeded');
  return client;
}

async function issueToken(localPart: string, revoked = false): Promise<string> {
  const accountId = BigInt(server.accounts[localPart] ?? 0);
  const id = randomUUID();
  const expiresAt = new Date(Date.now() + 3_600_000);
  await server.db.webSession.create({ data: { id, accountId, expiresAt, revokedAt: revoked ? new Date() : null } });
  const tokens = createAccessTokens({ secret: SECRET, now: () => new Date() });
  return await tokens.issueAccessToken({ sessionId: id, accountId });
}

describe('the time to sign in', () => {
  afterEach(() => {
    aheadMs = 0;
  });

  test('is two minutes, whatever is said meanwhile', async () => {
    const client = await connect();
    aheadMs = 100_000;
    for (let round = 0; round < 5; round += 1) expect(await client.ask('NOOP')).toMatch(/^250 /);
    aheadMs = 120_000;
    client.send('NOOP\r\n'.repeat(20));
    expect(await client.rest()).toMatch(/^250 [^\n]*\n421 4\.4\.2 Timeout, closing the connection\r\n$/);
  });

  test('holds in an exchange too', async () => {
    const client = await connect();
    aheadMs = 120_000;
    client.send('AUTH LOGIN\r\n');
    expect(await client.rest()).toBe('334 VXNlcm5hbWU6\r\n421 4.4.2 Timeout, closing the connection\r\n');
  });

  test('is of no account once signed in', async () => {
    const client = await signedIn();
    aheadMs = 3_600_000;
    for (let round = 0; round < 3; round += 1) expect(await client.ask('NOOP')).toMatch(/^250 /);
  });
});

const last = (messages: string[]) => messages.at(-1) ?? '';

describe('sign-in', () => {
  test('PLAIN, with and without initial response', async () => {
    await signedIn();
    const client = await connect();
    expect(await client.ask('AUTH PLAIN')).toBe('334 ');
    expect(await client.ask(plain('ann@one.example', PASSWORD))).toMatch(/^235 /);
    expect(await client.ask('AUTH PLAIN')).toBe('503 5.5.1 You have already signed in');
    expect(await client.ask('EHLO again.example')).not.toContain('AUTH');
  });

  test('LOGIN', async () => {
    const client = await connect();
    expect(await client.ask('AUTH LOGIN')).toBe('334 VXNlcm5hbWU6');
    expect(await client.ask(base64('ben@one.example'))).toBe('334 UGFzc3dvcmQ6');
    expect(await client.ask(base64(PASSWORD))).toMatch(/^235 /);
  });

  test('OAUTHBEARER and XOAUTH2 with the token of a web session', async () => {
    const token = await issueToken('ann');
    const bearer = await connect();
    const response = base64(`n,a=ann@one.example,\x01auth=Bearer ${token}\x01\x01`);
    expect(await bearer.ask(`AUTH OAUTHBEARER ${response}`)).toMatch(/^235 /);
    const xoauth2 = await connect();
    expect(await xoauth2.ask('AUTH XOAUTH2')).toBe('334 ');
    expect(await xoauth2.ask(base64(`user=ann@one.example\x01auth=Bearer ${token}\x01\x01`))).toMatch(/^235 /);
  });

  test('a token of a revoked session, or of somebody else, fails after its challenge', async () => {
    const client = await connect();
    const revoked = base64(`n,,\x01auth=Bearer ${await issueToken('ann', true)}\x01\x01`);
    expect(await client.ask(`AUTH OAUTHBEARER ${revoked}`)).toBe(
      `334 ${base64('{"status":"invalid_token","schemes":"bearer"}')}`,
    );
    expect(await client.ask('AQ==')).toBe('535 5.7.8 Authentication failed: token expired');
    const other = base64(`n,a=ben@one.example,\x01auth=Bearer ${await issueToken('ann')}\x01\x01`);
    expect(await client.ask(`AUTH OAUTHBEARER ${other}`)).toMatch(/^334 /);
    expect(await client.ask('AQ==')).toBe('535 5.7.8 Authentication failed');
  });

  test('a suspended account is told so only with its password', async () => {
    const client = await connect();
    expect(await client.ask(`AUTH PLAIN ${plain('away@one.example', PASSWORD)}`)).toBe('535 5.7.13 Account suspended');
    expect(await client.ask(`AUTH PLAIN ${plain('away@one.example', 'wrong')}`)).toBe(
      '535 5.7.8 Authentication failed',
    );
  });

  test('three failures end the session', async () => {
    const client = await connect();
    const wrong = `AUTH PLAIN ${plain('carl@one.example', 'wrong')}`;
    expect(await client.ask(wrong)).toMatch(/^535 5\.7\.8 /);
    expect(await client.ask(`AUTH PLAIN ${base64(`ann@one.example\0carl@one.example\0${PASSWORD}`)}`)).toMatch(/^535 /);
    expect(await client.ask(wrong)).toBe('421 4.7.0 Too many failed sign-ins, closing the connection');
    expect(await client.rest()).toBe('');
  });

  test.each([
    ['AUTH', '501 5.5.4 Syntax: AUTH mechanism [initial-response]'],
    ['AUTH CRAM-MD5', '504 5.5.4 Mechanism not offered'],
    ['AUTH PLAIN !!!', '501 5.5.2 That is not base64'],
    ['AUTH PLAIN =', '501 5.5.2 Malformed PLAIN response'],
    ['AUTH OAUTHBEARER bm9uc2Vuc2U=', '501 5.5.2 Malformed OAUTHBEARER response'],
    ['AUTH PLAIN\r\n*', '334 \n501 5.7.0 Authentication cancelled'],
    ['MAIL FROM:<ann@one.example>', '530 5.7.0 Sign in first'],
    ['STARTTLS', '503 5.5.1 TLS is already in use'],
  ])('%j', async (command, answer) => {
    const client = await connect();
    client.send(`${command}\r\n`);
    for (const line of answer.split('\n')) expect(await client.line()).toBe(line);
  });

  test('an exchange line above the bound ends the session', async () => {
    const client = await connect();
    await client.ask('AUTH PLAIN');
    expect(await client.ask('A'.repeat(20_000))).toBe('500 5.5.6 Authentication line too long');
  });
});

describe('in clear', () => {
  test('nothing is offered or taken before STARTTLS; credentials of before do not count after', async () => {
    const client = await server.connect('submission');
    clients.push(client);
    await client.reply();
    expect(await client.ask('EHLO laptop.example')).not.toContain('AUTH');
    expect(await client.ask(`AUTH PLAIN ${plain('ann@one.example', PASSWORD)}`)).toBe(
      '538 5.7.11 Sign in over TLS: STARTTLS first',
    );
    expect(await client.ask('MAIL FROM:<ann@one.example>')).toBe('530 5.7.0 STARTTLS first');
    expect(await client.ask('STARTTLS')).toMatch(/^220 /);
    await client.startTls();
    expect(await client.ask('EHLO laptop.example')).toContain(
      'AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN OAUTHBEARER XOAUTH2',
    );
    expect(await client.ask(`AUTH PLAIN ${plain('ann@one.example', PASSWORD)}`)).toMatch(/^235 /);
  });

  test('sign-in works where the admin allows it, and STARTTLS then forgets it', async () => {
    server.signInSettings.clearOnLoopback = true;
    const client = await server.connect('submission');
    clients.push(client);
    await client.reply();
    expect(await client.ask('EHLO laptop.example')).toContain('AUTH SCRAM-SHA-256 PLAIN');
    expect(await client.ask(`AUTH PLAIN ${plain('ann@one.example', PASSWORD)}`)).toMatch(/^235 /);
    server.signInSettings.clearOnLoopback = false;
    await client.ask('STARTTLS');
    await client.startTls();
    await client.ask('EHLO laptop.example');
    expect(await client.ask('MAIL FROM:<ann@one.example>')).toBe('530 5.7.0 Sign in first');
  });
});

describe('a submission', () => {
  test('gets what it forgot, loses its Bcc, and goes to folders and queue', async () => {
    const client = await signedIn();
    expect(await client.ask('MAIL FROM:<ann@one.example> RET=HDRS ENVID=e1')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<ben@one.example>')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<Far@Away.example> NOTIFY=FAILURE ORCPT=rfc822;far@away.example')).toMatch(
      /^250 /,
    );
    client.send(Buffer.from('RCPT TO:<x@bücher.example>\r\n'));
    expect(await client.reply()).toMatch(/^553 5\.6\.7 /);
    await client.ask('DATA');
    const answer = await client.ask(
      'From: ann@one.example\r\nBcc: secret@hidden.example,\r\n more@hidden.example\r\n\r\nhello\r\n.',
    );
    expect(answer).toMatch(/^250 2\.0\.0 /);
    const message = last(await server.readInbox('ben'));
    expect(message).toMatch(/with ESMTPSA id/);
    expect(message).toMatch(/\r\nDate: \w{3}, \d+ \w{3} \d{4} \d\d:\d\d:\d\d \+0000\r\n/);
    expect(message).toMatch(/\r\nMessage-ID: <[0-9a-f-]{36}@mx\.test>\r\n/);
    expect(message).not.toContain('hidden.example');
    expect(message).toMatch(/\r\nFrom: ann@one\.example\r\n\r\nhello\r\n$/);
    const [queued] = await server.db.queueMessage.findMany({ include: { entries: true } });
    expect(queued).toMatchObject({
      sender: 'ann@one.example',
      envId: 'e1',
      ret: 'HDRS',
      accountId: BigInt(server.accounts.ann ?? 0),
      entries: [
        {
          recipient: 'Far@away.example',
          destination: 'away.example',
          notify: 'FAILURE',
          orcpt: 'rfc822;far@away.example',
        },
      ],
    });
  });

  test('keeps the Date and Message-ID it has', async () => {
    const client = await signedIn();
    await client.ask('MAIL FROM:<ann@one.example>');
    await client.ask('RCPT TO:<carl@one.example>');
    await client.ask('DATA');
    await client.ask(
      'Date: Mon, 5 Jan 2026 07:08:09 +0000\r\nFrom: Ann <ann@one.example>\r\nMessage-ID: <mine@laptop>\r\n\r\nx\r\n.',
    );
    const message = last(await server.readInbox('carl'));
    expect(message.match(/^Date:/gm)).toHaveLength(1);
    expect(message.match(/^Message-ID: <mine@laptop>\r$/gm)).toHaveLength(1);
  });

  test('by BDAT loses its Bcc too, wherever the chunks are cut', async () => {
    const client = await signedIn();
    await client.ask('MAIL FROM:<ann@one.example>');
    await client.ask('RCPT TO:<carl@one.example>');
    client.send('BDAT 25\r\nFrom: ann@one.example\r\nBcBDAT 8\r\nc: x@y\r\nBDAT 6 LAST\r\n\r\nhi\r\n');
    for (let i = 0; i < 3; i++) expect(await client.reply()).toMatch(/^250 /);
    expect(last(await server.readInbox('carl'))).not.toMatch(/^Bcc/m);
  });

  test('may come from an alias of the account, never from others', async () => {
    const client = await signedIn('ben@one.example');
    expect(await client.ask('MAIL FROM:<TEAM@one.example>')).toMatch(/^250 /);
    await client.ask('RSET');
    expect(await client.ask('MAIL FROM:<ann@one.example>')).toBe(
      '550 5.7.1 ann@one.example is not an address of yours',
    );
    expect(await client.ask('MAIL FROM:<ben@elsewhere.example>')).toMatch(/^550 5\.7\.1 /);
    expect(await client.ask('MAIL FROM:<>')).toMatch(/^250 /);
  });

  test('to unknown local recipients and address literals is refused at RCPT', async () => {
    const client = await signedIn();
    await client.ask('MAIL FROM:<ann@one.example>');
    expect(await client.ask('RCPT TO:<nobody@one.example>')).toMatch(/^550 5\.1\.1 /);
    expect(await client.ask('RCPT TO:<root@[127.0.0.1]>')).toBe('550 5.1.2 No mail is sent to that domain');
  });
});
