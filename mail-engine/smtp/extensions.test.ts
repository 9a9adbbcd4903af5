import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { type MailServer, openMailServer, PASSWORD } from './testing/open-mail-server.ts';

const NOW = new Date('2026-11-24T10:00:00Z');

let server: MailServer;
const clients: LineClient[] = [];

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'), { now: () => NOW, smtpLimits: { mails: 3 } });
});
afterAll(async () => {
  for (const client of clients) client.cut();
  await server.close();
});
afterEach(async () => {
  server.settings.futureReleaseSeconds = 86_400;
  await server.db.queueMessage.deleteMany();
});

async function connect(service: Parameters<MailServer['connect']>[0]): Promise<LineClient> {
  const client = await server.connect(service);
  clients.push(client);
  await client.reply();
  return client;
}

async function signedIn(): Promise<LineClient> {
  const client = await connect('submissions');
  await client.ask('EHLO laptop.example');
  const plain = Buffer.from(`\0ann@one.example\0${PASSWORD}`).toString('base64');
  expect(await client.ask(`AUTH PLAIN ${plain}`)).toMatch(/^235 /);
  return client;
}

const TEXT = 'From: ann@one.example\r\nSubject: later\r\n\r\nx\r\n.';

describe('REQUIRETLS', () => {
  test('is offered and taken within TLS only', async () => {
    const client = await connect('mx');
    expect(await client.ask('EHLO c.example')).not.toContain('REQUIRETLS');
    expect(await client.ask('MAIL FROM:<a@remote.example> REQUIRETLS')).toBe(
      '530 5.7.10 REQUIRETLS needs TLS: STARTTLS first',
    );
    await client.ask('STARTTLS');
    await client.startTls();
    expect(await client.ask('EHLO c.example')).toContain('250-LIMITS RCPTMAX=100 MAILMAX=3\n250 REQUIRETLS');
    expect(await client.ask('MAIL FROM:<a@remote.example> REQUIRETLS=yes')).toMatch(/^555 5\.5\.4 /);
    expect(await client.ask('MAIL FROM:<a@remote.example> REQUIRETLS')).toMatch(/^250 /);
  });

  test('stays with what is queued', async () => {
    const client = await signedIn();
    await client.ask('MAIL FROM:<ann@one.example> REQUIRETLS');
    await client.ask('RCPT TO:<bob@away.example>');
    await client.ask('DATA');
    expect(await client.ask(TEXT)).toMatch(/^250 /);
    expect(await server.db.queueMessage.findMany()).toMatchObject([{ requireTls: true, notBefore: null }]);
  });
});

describe('FUTURERELEASE', () => {
  test('is offered on submission only, with the longest wait', async () => {
    const submission = await signedIn();
    expect(await submission.ask('EHLO c.example')).toContain('250-FUTURERELEASE 86400 2026-11-25T10:00:00Z\n');
    const mx = await connect('mx');
    expect(await mx.ask('EHLO c.example')).not.toContain('FUTURERELEASE');
    expect(await mx.ask('MAIL FROM:<a@remote.example> HOLDFOR=60')).toMatch(/^555 5\.5\.4 /);
    server.settings.futureReleaseSeconds = 0;
    expect(await submission.ask('EHLO c.example')).not.toContain('FUTURERELEASE');
    expect(await submission.ask('MAIL FROM:<ann@one.example> HOLDFOR=60')).toMatch(/^555 5\.5\.4 /);
  });

  test.each([
    ['HOLDFOR=3600', '2026-11-24T11:00:00.000Z'],
    ['HOLDUNTIL=2026-11-25T09:59:59Z', '2026-11-25T09:59:59.000Z'],
  ])('%s: everybody waits, those here too', async (parameter, at) => {
    const before = await server.readInbox('ben');
    const client = await signedIn();
    expect(await client.ask(`MAIL FROM:<ann@one.example> ${parameter}`)).toMatch(/^250 /);
    await client.ask('RCPT TO:<ben@one.example> NOTIFY=NEVER');
    await client.ask('RCPT TO:<bob@away.example>');
    await client.ask('DATA');
    expect(await client.ask(TEXT)).toMatch(/^250 /);
    expect(await server.readInbox('ben')).toEqual(before);
    const notBefore = new Date(at);
    const [message] = await server.db.queueMessage.findMany({
      include: { entries: { orderBy: { recipient: 'asc' } } },
    });
    expect(message).toMatchObject({
      notBefore,
      entries: [
        { recipient: 'ben@one.example', state: 'waiting', nextAttemptAt: notBefore, notify: 'NEVER' },
        { recipient: 'bob@away.example', state: 'waiting', nextAttemptAt: notBefore, notify: null },
      ],
    });
    expect(message?.expiresAt.getTime()).toBeGreaterThan(notBefore.getTime() + 4 * 86_400_000);
  });

  test('a time that is past is as none', async () => {
    const before = (await server.readInbox('ben')).length;
    const client = await signedIn();
    await client.ask('MAIL FROM:<ann@one.example> HOLDUNTIL=2026-11-24T09:00:00Z');
    await client.ask('RCPT TO:<ben@one.example>');
    await client.ask('DATA');
    expect(await client.ask(TEXT)).toMatch(/^250 /);
    expect((await server.readInbox('ben')).length).toBe(before + 1);
  });

  test.each([
    ['HOLDFOR=86401', '501 5.5.4 A message may wait 86400 seconds at most'],
    ['HOLDUNTIL=2026-11-25T10:00:01Z', '501 5.5.4 A message may wait 86400 seconds at most'],
    ['HOLDFOR=0', '501 5.5.4 HOLDFOR wants seconds'],
    ['HOLDFOR=1234567890', '501 5.5.4 HOLDFOR wants seconds'],
    ['HOLDUNTIL=tomorrow', '501 5.5.4 HOLDUNTIL wants a time in UTC: 2030-12-24T18:00:00Z'],
    ['HOLDUNTIL=2026-13-45T10:00:00Z', '501 5.5.4 HOLDUNTIL wants a time in UTC: 2030-12-24T18:00:00Z'],
    ['HOLDFOR=1 HOLDUNTIL=2026-11-24T11:00:00Z', '501 5.5.4 HOLDFOR or HOLDUNTIL, not both'],
    ['HOLDFOR=1 HOLDFOR=1', '501 5.5.4 HOLDFOR given twice'],
  ])('%s is refused', async (parameters, answer) => {
    expect(await (await signedIn()).ask(`MAIL FROM:<ann@one.example> ${parameters}`)).toBe(answer);
  });
});

test('LIMITS: the fourth transaction of a session that may have three ends it', async () => {
  const client = await connect('mx');
  await client.ask('EHLO c.example');
  for (let round = 0; round < 3; round += 1) {
    expect(await client.ask('MAIL FROM:<a@remote.example>')).toMatch(/^250 /);
    await client.ask('RSET');
  }
  expect(await client.ask('MAIL FROM:<a@remote.example>')).toBe(
    '421 4.7.0 Too many messages in one session, connect again',
  );
  expect(await client.rest()).toBe('');
});
