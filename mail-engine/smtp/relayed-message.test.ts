/** What is done to mail that comes by the port for everybody from clients that may relay: real services, POP3 sign-ins and rules. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { readQueueBody } from '#engine/queue/message-body.ts';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { type MailServer, openMailServer } from './testing/open-mail-server.ts';
import { OutsideClients } from './testing/outside-clients.ts';

const OFFICE = '45.3.0.1';
const SCANNER = '45.3.0.2';
const FAR = 'friend@elsewhere.example';

let server: MailServer;
let clients: OutsideClients;
const clock = new ManualClock();

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'), { proxied: true, now: () => clock.now(), timers: clock });
  await server.db.domain.updateMany({ data: { popBeforeSmtp: true } });
  clients = new OutsideClients(server, clock);
  await clients.useRules(`${SCANNER}:allow,RELAYCLIENT=""`);
  await clients.fetchMail(OFFICE, 'ann');
  await clients.fetchMail(OFFICE, 'ben');
});
afterAll(async () => {
  clients.cut();
  await server.close();
});

interface Sending {
  from?: string;
  sender?: string;
  to?: readonly string[];
  by?: 'DATA' | 'BDAT';
  parameters?: string;
}

/** Resolves once the recipients are named. */
async function begin({ from = OFFICE, sender = 'ann@one.example', to = [FAR], parameters = '' }: Sending) {
  const client = await clients.greeted(from);
  expect(await client.ask(`MAIL FROM:<${sender}>${parameters}`)).toMatch(/^250 /);
  for (const recipient of to) expect(await client.ask(`RCPT TO:<${recipient}>`)).toMatch(/^250 /);
  return client;
}

async function finish(client: LineClient, message: string, by: Sending['by'] = 'DATA'): Promise<string> {
  if (by === 'DATA') {
    await client.ask('DATA');
    return client.ask(`${message}\r\n.`);
  }
  // In two chunks, the first of which ends within the first field.
  const bytes = `${message}\r\n`;
  client.send(`BDAT 3\r\n${bytes.slice(0, 3)}BDAT ${bytes.length - 3} LAST\r\n${bytes.slice(3)}`);
  expect(await client.reply()).toMatch(/^250 /);
  return client.reply();
}

/** The reply to the message. */
const send = async (message: string, sending: Sending = {}) =>
  finish(await begin(sending), message, sending.by ?? 'DATA');

const QUEUED = `SELECT m.account_id AS "accountId", m.blob_id AS "blobId", m.prefix, m.size AS "sizeBytes"
  FROM queue_message m ORDER BY m.id DESC LIMIT 1`;

/** The last message that was queued: whose it is, and its bytes as the next host gets them, our Received left out. */
async function lastQueued(): Promise<{ accountId: number | null; text: string }> {
  const { accountId, ...body } = (await server.pool.query(QUEUED)).rows[0];
  const chunks: Buffer[] = [];
  for await (const chunk of readQueueBody(server.pool, body)) chunks.push(chunk);
  const text = Buffer.concat(chunks)
    .toString('latin1')
    .replace(/^Received: .*\r\n(?:[ \t].*\r\n)*/, '');
  return { accountId, text };
}

const lastOf = async (name: string) => (await server.readInbox(name)).at(-1) ?? '';
/** Below the fields that are written at final delivery. */
const asItCame = (message: string) =>
  message.replace(/^Return-Path: .*\r\nDelivered-To: .*\r\nReceived: .*\r\n(?:[ \t].*\r\n)*/, '');

const SMUGGLED = 'From: ann@one.example\r\nBcc: x@hidden.example\r\nResent-Bcc: y@hidden.example\r\nX-Kept: yes';

describe.each(['DATA', 'BDAT'] as const)('after POP-before-SMTP, by %s, what is relayed is a submission', (by) => {
  test('Date and Message-ID are added, Bcc goes, and it is the account’s', async () => {
    expect(await send(`${SMUGGLED}\r\n\r\nBcc: in the body`, { by })).toMatch(/^250 /);
    const { accountId, text } = await lastQueued();
    expect(accountId).toBe(server.accounts.ann);
    expect(text).toMatch(/^Date: .+\r\nMessage-ID: <.+@mx\.test>\r\nFrom: ann@one\.example\r\nX-Kept: yes\r\n\r\n/);
    expect(text).not.toContain('hidden.example');
    expect(text).toMatch(/\r\n\r\nBcc: in the body\r\n$/);
  });

  test('fields that are there stay, and Sender is added for several authors', async () => {
    const header = 'Date: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <1@one.example>';
    await send(`From: ann@one.example, team@one.example\r\n${header}\r\n\r\nhi`, { by });
    const { text } = await lastQueued();
    expect(text).toBe(
      `Sender: <ann@one.example>\r\nFrom: ann@one.example, team@one.example\r\n${header}\r\n\r\nhi\r\n`,
    );
  });

  test.each([
    ['From: ben@one.example', '550 5.7.1 ben@one.example is not an address of yours'],
    ['From: ceo@bank.example', '550 5.7.1 ceo@bank.example is not an address of yours'],
    ['From: ann@one.example\r\nSender: ceo@bank.example', '550 5.7.1 ceo@bank.example is not an address of yours'],
    ['Subject: x', '550 5.6.0 No From field'],
    ['From: ann@one.example\r\nthis is no field', '550 5.6.0 Line 2 of the header is no field'],
    ['From: ann@one.example\r\nFrom: ann@one.example', '550 5.6.0 More than one From field'],
  ])('%j is refused', async (header, answer) => {
    const { rowCount } = await server.pool.query('SELECT FROM queue_message');
    expect(await send(`${header}\r\n\r\nhi`, { by })).toBe(answer);
    expect((await server.pool.query('SELECT FROM queue_message')).rowCount).toBe(rowCount);
  });
});

describe('after POP-before-SMTP', () => {
  test('behind one address each writes under its own name: the envelope’s sender says whose message it is', async () => {
    expect(await send('From: ben@one.example\r\n\r\nhi', { sender: 'ben@one.example' })).toMatch(/^250 /);
    expect((await lastQueued()).accountId).toBe(server.accounts.ben);
    const answer = await send('From: ann@one.example\r\n\r\nhi', { sender: 'ben@one.example' });
    expect(answer).toBe('550 5.7.1 ann@one.example is not an address of yours');
  });

  test('an address that was granted may be written', async () => {
    const { id: domainId } = await server.db.domain.findFirstOrThrow({ where: { name: 'one.example' } });
    const grant = { domainId, localPart: 'carl', accountId: BigInt(server.accounts.ann ?? 0) };
    await server.db.sendAsGrant.create({ data: grant });
    await expect.poll(() => send('From: carl@one.example\r\n\r\nhi')).toMatch(/^250 /);
    await server.db.sendAsGrant.deleteMany();
  });

  test('anybody may be written where the setting is off, but somebody must be', async () => {
    server.settings.checksFrom = false;
    expect(await send('From: ceo@bank.example\r\n\r\nhi')).toMatch(/^250 /);
    expect(await send('Subject: x\r\n\r\nhi')).toBe('550 5.6.0 No From field');
    server.settings.checksFrom = true;
  });

  test('a message that also goes to people here is one submission for all of them', async () => {
    expect(await send(`${SMUGGLED}\r\n\r\nhi`, { to: ['carl@one.example', FAR] })).toMatch(/^250 /);
    expect(await lastOf('carl')).toMatch(
      /\r\nDate: .+\r\nMessage-ID: .+\r\nFrom: ann@one\.example\r\nX-Kept: yes\r\n\r\nhi/,
    );
    expect((await lastQueued()).text).not.toContain('hidden.example');
  });

  test.each(['DATA', 'BDAT'] as const)('mail for people here is as it came, by %s, and nobody’s', async (by) => {
    const submitted = async () => (await server.pool.query(`SELECT FROM trace WHERE kind = 'submitted'`)).rowCount;
    const before = await submitted();
    expect(before).toBeGreaterThan(0);
    const odd = `From: ceo@bank.example\r\nthis is no field\r\nBcc: carl@one.example\r\nResent-Bcc: y@x.example\r\n\r\nhi`;
    for (const sender of ['ann@one.example', 'ceo@bank.example', '']) {
      expect(await send(odd, { sender, to: ['carl@one.example'], by })).toMatch(/^250 /);
      expect(asItCame(await lastOf('carl'))).toBe(`${odd}\r\n`);
    }
    expect(await submitted()).toBe(before);
  });

  test('a recipient elsewhere that was refused after all changes nothing', async () => {
    server.sendLimits.messagesPerHour = 1;
    const client = await begin({ to: ['carl@one.example'] });
    expect(await client.ask('RCPT TO:<x@[192.0.2.1]>')).toBe('550 5.1.2 No mail is sent to that domain');
    expect(await finish(client, 'x: y\r\n\r\nhi')).toMatch(/^250 /);
    expect(asItCame(await lastOf('carl'))).toBe('x: y\r\n\r\nhi\r\n');
    server.sendLimits.messagesPerHour = 0;
  });

  test('the next message of the connection is judged anew', async () => {
    const client = await begin({});
    expect(await finish(client, 'From: ann@one.example\r\n\r\nhi')).toMatch(/^250 /);
    await client.ask('MAIL FROM:<ann@one.example>');
    await client.ask('RCPT TO:<carl@one.example>');
    expect(await finish(client, 'x: y\r\n\r\nhi')).toMatch(/^250 /);
    expect(asItCame(await lastOf('carl'))).toBe('x: y\r\n\r\nhi\r\n');
  });
});

describe.each(['DATA', 'BDAT'] as const)('of a client that a rule trusts, by %s', (by) => {
  const common = { from: SCANNER, sender: 'scanner@office.example', by };

  test('what is relayed gets a Date and a Message-ID, and is else as it came', async () => {
    const rest = 'Subject: scan\r\nBcc: z@x.example\r\nthis is no field\r\nFrom: a@x.example, b@x.example\r\n\r\nhi';
    expect(await send(rest, common)).toMatch(/^250 /);
    const { accountId, text } = await lastQueued();
    expect(accountId).toBeNull();
    expect(text).toMatch(/^Date: .+\r\nMessage-ID: <[^>]+@mx\.test>\r\n/);
    expect(text.split('\r\n').slice(2).join('\r\n')).toBe(`${rest}\r\n`);
  });

  test('only what is missing is added', async () => {
    const dated = 'date : yesterday\r\nSubject: scan\r\n\r\nhi';
    await send(dated, common);
    expect((await lastQueued()).text).toMatch(/^Message-ID: .+\r\ndate : yesterday\r\nSubject: scan\r\n\r\nhi\r\n$/);
    const both = `Message-ID: <1@x.example>\r\n${dated}`;
    await send(both, common);
    expect((await lastQueued()).text).toBe(`${both}\r\n`);
  });

  test('a header longer than is looked at is left alone', async () => {
    const long = `${`X: ${'y'.repeat(900)}\r\n`.repeat(400)}Date: yesterday\r\nMessage-ID: <1@x.example>\r\n\r\nhi`;
    expect(await send(long, common)).toMatch(/^250 /);
    expect((await lastQueued()).text).toBe(`${long}\r\n`);
  });

  test('what is for people here alone is as it came', async () => {
    expect(await send('x: y\r\n\r\nhi', { ...common, to: ['carl@one.example'] })).toMatch(/^250 /);
    expect(asItCame(await lastOf('carl'))).toBe('x: y\r\n\r\nhi\r\n');
  });
});

test('mail of strangers is as it came', async () => {
  expect(await send('x: y\r\n\r\nhi', { from: '45.3.0.9', to: ['carl@one.example'] })).toMatch(/^250 /);
  expect(asItCame(await lastOf('carl'))).toBe('x: y\r\n\r\nhi\r\n');
});
