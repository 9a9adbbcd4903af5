import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { type MailServer, openMailServer } from './testing/open-mail-server.ts';

let server: MailServer;
const clients: LineClient[] = [];

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'));
});
afterAll(async () => {
  for (const client of clients) client.cut();
  await server.close();
});

async function connect(): Promise<LineClient> {
  const client = await server.connect('lmtp');
  clients.push(client);
  expect(await client.reply()).toBe('220 mx.test LMTP');
  return client;
}

async function addressed(...recipients: string[]): Promise<LineClient> {
  const client = await connect();
  await client.ask('LHLO relay.example');
  await client.ask('MAIL FROM:<sender@remote.example>');
  for (const recipient of recipients) {
    expect(await client.ask(`RCPT TO:<${recipient}@one.example>`)).toMatch(/^250 /);
  }
  return client;
}

/** One byte of room less than a message of `bytes` needs. */
async function leaveRoom(localPart: string, bytes: number): Promise<void> {
  const id = BigInt(server.accounts[localPart] ?? 0);
  const { sizeBytes } = await server.store.readUsage(Number(id));
  await server.db.account.update({ where: { id }, data: { quotaBytes: bytes === 0 ? 0n : BigInt(sizeBytes + bytes) } });
}

const last = (messages: string[]) => messages.at(-1) ?? '';
const BIG = `x: y\r\n\r\n${'0123456789\r\n'.repeat(1000)}`;

describe('LHLO', () => {
  test('stands in the place of EHLO and HELO', async () => {
    const client = await connect();
    expect(await client.ask('MAIL FROM:<a@remote.example>')).toBe('503 5.5.1 LHLO first');
    expect(await client.ask('EHLO c.example')).toBe('500 5.5.1 This is LMTP: LHLO');
    expect(await client.ask('HELO c.example')).toBe('500 5.5.1 This is LMTP: LHLO');
    expect(await client.ask('LHLO')).toBe('501 5.5.4 Syntax: LHLO hostname');
    const hello = await client.ask('LHLO c.example');
    for (const keyword of ['PIPELINING', 'ENHANCEDSTATUSCODES', '8BITMIME', 'CHUNKING', 'STARTTLS']) {
      expect(hello).toContain(keyword);
    }
    expect(hello).not.toMatch(/AUTH|FUTURERELEASE/);
  });

  test('is unknown on SMTP', async () => {
    const client = await server.connect('mx');
    clients.push(client);
    await client.reply();
    expect(await client.ask('LHLO c.example')).toBe('500 5.5.1 This is SMTP: EHLO');
  });
});

test('a mailbox that is full already is refused for now, whatever the setting says', async () => {
  server.checkSettings.fullIsFinal = true;
  const client = await addressed('full');
  await client.ask('DATA');
  expect(await client.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
  const id = BigInt(server.accounts.full ?? 0);
  await server.db.account.update({ where: { id }, data: { quotaBytes: 1n } });
  await client.ask('MAIL FROM:<sender@remote.example>');
  // The directory hears of the new quota by NOTIFY.
  await expect.poll(() => client.ask('RCPT TO:<full@one.example>')).toMatch(/^452 4\.2\.2 /);
  server.checkSettings.fullIsFinal = false;
});

describe('a message', () => {
  test('is answered once for each accepted recipient, the same one twice included', async () => {
    const client = await addressed('ann', 'carl');
    expect(await client.ask('RCPT TO:<nobody@one.example>')).toMatch(/^550 5\.1\.1 /);
    expect(await client.ask('RCPT TO:<ann@one.example>')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<far@away.example>')).toMatch(/^553 5\.7\.1 /);
    const before = (await server.readInbox('ann')).length;
    await client.ask('DATA');
    client.send('Subject: lmtp\r\n\r\nx\r\n.\r\nNOOP\r\n');
    for (let count = 0; count < 3; count += 1) expect(await client.reply()).toMatch(/^250 2\.0\.0 Ok: queued as /);
    expect(await client.reply()).toBe('250 2.0.0 Ok');
    const inbox = await server.readInbox('ann');
    expect(inbox.length).toBe(before + 1);
    expect(last(inbox)).toMatch(/\r\n\tby mx\.test with LMTP id /);
    expect(last(inbox)).toMatch(/^Return-Path: <sender@remote\.example>\r\nDelivered-To: ann@one\.example\r\n/);
  });

  test('one full mailbox among others is told so, keeps nothing, and nothing waits in the queue', async () => {
    await leaveRoom('ben', 5_000);
    const [ann, ben] = [await server.readInbox('ann'), await server.readInbox('ben')];
    const client = await addressed('ann', 'ben', 'carl');
    await client.ask('DATA');
    client.send(`${BIG}.\r\n`);
    expect(await client.reply()).toMatch(/^250 2\.0\.0 /);
    expect(await client.reply()).toBe('452 4.2.2 Mailbox full');
    expect(await client.reply()).toMatch(/^250 2\.0\.0 /);
    expect((await server.readInbox('ann')).length).toBe(ann.length + 1);
    expect(await server.readInbox('ben')).toEqual(ben);
    expect(await server.db.queueEntry.count()).toBe(0);
    await leaveRoom('ben', 0);
  });

  test.each([false, true])(
    'with every mailbox full is refused for each, and kept (final elsewhere: %s)',
    async (fullIsFinal) => {
      server.checkSettings.fullIsFinal = fullIsFinal;
      await leaveRoom('ben', 5_000);
      await leaveRoom('carl', 5_000);
      const client = await addressed('ben', 'carl');
      client.send(`BDAT ${BIG.length} LAST\r\n${BIG}NOOP\r\n`);
      for (let count = 0; count < 2; count += 1) expect(await client.reply()).toBe('452 4.2.2 Mailbox full');
      expect(await client.reply()).toBe('250 2.0.0 Ok');
      await leaveRoom('ben', 0);
      await leaveRoom('carl', 0);
      server.checkSettings.fullIsFinal = false;
    },
  );

  test('to an alias with a full mailbox is taken for all: the queue tries that one', async () => {
    await leaveRoom('ben', 5_000);
    const client = await addressed('team');
    await client.ask('DATA');
    expect(await client.ask(`${BIG}.`)).toMatch(/^250 /);
    expect(await server.db.queueEntry.findMany()).toMatchObject([{ recipient: 'team@one.example', state: 'waiting' }]);
    await server.db.queueMessage.deleteMany();
    await leaveRoom('ben', 0);
  });

  test('by BDAT: a chunk has one answer, the last one each', async () => {
    const client = await addressed('ann', 'carl');
    client.send('BDAT 10\r\nx: y\r\n\r\nab');
    expect(await client.reply()).toBe('250 2.0.0 10 octets received');
    client.send('BDAT 2 LAST\r\n\r\nQUIT\r\n');
    for (let count = 0; count < 2; count += 1) expect(await client.reply()).toMatch(/^250 2\.0\.0 Ok: queued as /);
    expect(await client.rest()).toBe('221 2.0.0 Bye\r\n');
  });

  test('that is broken is refused for each', async () => {
    const client = await addressed('ann', 'carl');
    await client.ask('DATA');
    client.send('x: y\r\n\r\nbare\nlf\r\n.\r\n');
    expect(await client.rest()).toMatch(/^(?:550 5\.6\.0 Bare LF[^\n]*\n){2}$/);
  });

  test('without an accepted recipient there is none', async () => {
    const client = await addressed();
    expect(await client.ask('DATA')).toBe('503 5.5.1 RCPT first');
  });
});
