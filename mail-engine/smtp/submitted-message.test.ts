import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { type MailServer, openMailServer, PASSWORD } from './testing/open-mail-server.ts';

let server: MailServer;
const clients: LineClient[] = [];

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'));
});
afterAll(async () => {
  for (const client of clients) client.cut();
  await server.close();
});

const last = (messages: string[]) => messages.at(-1) ?? '';

/** Submits as ann to carl; resolves to the reply to the message. */
async function submit(message: string | Buffer, sender = 'ann@one.example', parameters = ''): Promise<string> {
  const client = await server.connect('submissions');
  clients.push(client);
  await client.reply();
  await client.ask('EHLO laptop.example');
  await client.ask(`AUTH PLAIN ${Buffer.from(`\0ann@one.example\0${PASSWORD}`).toString('base64')}`);
  expect(await client.ask(`MAIL FROM:<${sender}>${parameters}`)).toMatch(/^250 /);
  await client.ask('RCPT TO:<carl@one.example>');
  await client.ask('DATA');
  client.send(Buffer.concat([Buffer.from(message), Buffer.from('\r\n.\r\n')]));
  return await client.reply();
}

const carls = async () => last(await server.readInbox('carl'));

describe('From', () => {
  test.each([
    'Ann <ann@one.example>',
    'ANN@One.Example',
    '"Ann, of One" <team@one.example>',
    'ann@one.example, Team <team@one.example>',
  ])('%s may be written', async (from) => {
    expect(await submit(`From: ${from}\r\nDate: x\r\n\r\nhi`)).toMatch(/^250 /);
  });

  test.each([
    ['Boss <ben@one.example>', '550 5.7.1 ben@one.example is not an address of yours'],
    ['ann@one.example, ben@one.example', '550 5.7.1 ben@one.example is not an address of yours'],
    ['ann@one.example <ceo@bank.example>', '550 5.7.1 ceo@bank.example is not an address of yours'],
    ['<ceo@bank.example> <ann@one.example>', '550 5.7.1 ceo@bank.example is not an address of yours'],
    ['ceo@bank.example (ann@one.example)', '550 5.7.1 ceo@bank.example is not an address of yours'],
    ['Friends: ann@one.example, x@y.example;', '550 5.7.1 x@y.example is not an address of yours'],
    ['ann', '550 5.7.1 An address in From or Sender is not an address of yours'],
    ['Nobody:;', '550 5.6.0 The From field names no address'],
    ['', '550 5.6.0 The From field names no address'],
    ['дёма <дёма@пример.рф>', '550 5.7.1 An address in From or Sender is not an address of yours'],
    [
      Array.from({ length: 21 }, (_, i) => `a${i}@b.example`).join(', '),
      '550 5.6.0 The From field names too many addresses',
    ],
    [`${'ann@one.example,\r\n '.repeat(5_000)}ben@one.example`, '550 5.6.0 The From field names too many addresses'],
  ])('%s may not', async (from, answer) => {
    const before = await server.readInbox('carl');
    expect(await submit(`From: ${from}\r\n\r\nhi`)).toBe(answer);
    expect(await server.readInbox('carl')).toEqual(before);
  });

  test('is checked where the envelope has no sender, and read receipts go', async () => {
    expect(await submit('From: ann@one.example\r\nSubject: Read: hi\r\n\r\nseen', '')).toMatch(/^250 /);
    expect(await submit('From: ben@one.example\r\nSubject: Read: hi\r\n\r\nseen', '')).toMatch(/^550 5\.7\.1 /);
  });

  test('Sender too', async () => {
    const answer = await submit('From: ann@one.example\r\nSender: ben@one.example\r\n\r\nhi');
    expect(answer).toBe('550 5.7.1 ben@one.example is not an address of yours');
  });

  test('may be anybody where the setting is off, but must be there', async () => {
    server.settings.checksFrom = false;
    expect(await submit('From: ben@one.example\r\n\r\nhi')).toMatch(/^250 /);
    expect(await submit('Subject: x\r\n\r\nhi')).toBe('550 5.6.0 No From field');
    server.settings.checksFrom = true;
  });
});

describe('what a client forgot', () => {
  test('is added once: Date, Message-ID, and Sender for several authors', async () => {
    await submit('From: ann@one.example, team@one.example\r\n\r\nhi');
    const message = await carls();
    expect(message.match(/^Date: /gm)).toHaveLength(1);
    expect(message.match(/^Message-ID: </gm)).toHaveLength(1);
    expect(message.match(/^Sender: <ann@one\.example>\r$/gm)).toHaveLength(1);
  });

  test('Sender is not added where it is there or not needed', async () => {
    await submit('From: ann@one.example, team@one.example\r\nSender: team@one.example\r\n\r\nhi');
    expect((await carls()).match(/^Sender: .*$/gm)).toEqual(['Sender: team@one.example']);
    await submit('From: ann@one.example\r\n\r\nhi');
    expect(await carls()).not.toMatch(/^Sender:/m);
  });
});

describe('what goes no further', () => {
  test.each([
    'Bcc: x@hidden.example',
    'BCC : x@hidden.example',
    'Bcc\t:\r\n x@hidden.example',
    'Resent-Bcc: x@hidden.example,\r\n\ty@hidden.example',
    'Bcc: x@hidden.example\r\nBcc: y@hidden.example',
    'Return-Path: <x@hidden.example>',
  ])('%j', async (field) => {
    expect(await submit(`From: ann@one.example\r\n${field}\r\nX-Kept: yes\r\n\r\nBcc: in the body`)).toMatch(/^250 /);
    const message = await carls();
    expect(message).not.toContain('hidden.example');
    expect(message).toMatch(/\r\nX-Kept: yes\r\n\r\nBcc: in the body\r\n$/);
    expect(message.match(/^Return-Path:/gm)).toHaveLength(1);
  });
});

describe('what is broken is refused, in words', () => {
  test.each([
    ['Subject: x\r\n\r\nhi', '550 5.6.0 No From field'],
    ['From: ann@one.example\r\nFrom: ann@one.example\r\n\r\nhi', '550 5.6.0 More than one From field'],
    ['From: ann@one.example\r\nSubject: a\r\nsubject: b\r\n\r\nhi', '550 5.6.0 More than one subject field'],
    ['From: <ann@one.example@bank.test>\r\n\r\nhi', '550 5.6.0 Malformed from field'],
    ['From: "Boss" <ann@one.example ceo@bank.test>\r\n\r\nhi', '550 5.6.0 Malformed from field'],
    ['From: <ann@one.example(x)@bank.test>\r\n\r\nhi', '550 5.6.0 Malformed from field'],
    ['From: <ann@one.example\r\n\r\nhi', '550 5.6.0 Malformed from field'],
    ['From: ann@one.example\r\nSender: <ann@one.example;ceo@bank.test>\r\n\r\nhi', '550 5.6.0 Malformed sender field'],
    ['From: =?utf-8?q?Ann?=\r\n <ann@one.example @bank.test>\r\n\r\nhi', '550 5.6.0 Malformed from field'],
    ['From: ann@one.example\r\nthis is no field\r\n\r\nhi', '550 5.6.0 Line 2 of the header is no field'],
    ['From: ann@one.example\r\nX: a\0b\r\n\r\nhi', /^550 5\.6\.0 NUL in message/],
    ['From: ann@one.example\r\nX: a\rb\r\n\r\nhi', /^550 5\.6\.0 Bare CR/],
    [`From: ann@one.example\r\n${'X: y\r\n'.repeat(1001)}\r\nhi`, '550 5.6.0 Too many header fields'],
    [`From: ann@one.example\r\n${`X: ${'y'.repeat(996)}\r\n`.repeat(300)}\r\nhi`, '550 5.3.4 Header too big'],
    [
      Buffer.from('From: ann@one.example\r\nSubject: \xfc\r\n\r\nhi', 'latin1'),
      /^550 5\.6\.0 The header is neither ASCII/,
    ],
  ])('%#', async (message, answer) => {
    expect(await submit(message)).toMatch(answer);
  });

  test('a subject in UTF-8 without SMTPUTF8 is taken as it is', async () => {
    expect(await submit(Buffer.from('From: ann@one.example\r\nSubject: grüß\r\n\r\nhi'))).toMatch(/^250 /);
    expect(Buffer.from(await carls(), 'latin1').toString()).toContain('Subject: grüß\r\n');
  });
});
