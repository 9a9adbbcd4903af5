/**
 * Nobody gets a second message or a command in by way of a first: by no sequence of CR, LF, NUL and period, in no cutting into segments,
 * neither by DATA nor by BDAT (CVE-2023-51764 to 51766), nor in a command's argument, nor in clear before TLS (CVE-2011-0411).
 */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { type MailServer, openMailServer } from './testing/open-mail-server.ts';

let server: MailServer;
const clients: LineClient[] = [];

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'), { smtpLimits: { errors: 10_000 } });
});
afterAll(async () => {
  for (const client of clients) client.cut();
  await server.close();
});

type Service = Parameters<MailServer['connect']>[0];

async function greeted(service: Service = 'mx'): Promise<LineClient> {
  const client = await server.connect(service);
  clients.push(client);
  await client.reply();
  expect(await client.ask(`${service === 'lmtp' ? 'LHLO' : 'EHLO'} client.example`)).toMatch(/^250/);
  return client;
}

async function address(client: LineClient): Promise<void> {
  expect(await client.ask('MAIL FROM:<sender@remote.example>')).toMatch(/^250 /);
  expect(await client.ask('RCPT TO:<ann@one.example>')).toMatch(/^250 /);
}

/** How many messages all have who could have got something. */
async function inboxes(): Promise<number[]> {
  const usage = ['ann', 'ben', 'carl'].map((name) => server.store.readUsage(server.accounts[name] ?? 0));
  return (await Promise.all(usage)).map(({ messages }) => messages);
}

const SEQUENCES = [
  ...['\n.\n', '\n.\r\n', '\r.\r', '\r.\r\n', '\r\n.\n', '\r\n.\r', '\n.\r', '\r.\n'],
  ...[
    '\r\n.\0\r\n',
    '\r\n\0.\r\n',
    '\r\0\n.\r\n',
    '\r\n.\r\0\n',
    '\0\n.\n',
    '\r\n.\r\r\n',
    '\r\r\n.\r\r\n',
    '\r\r\n.\r\n',
  ],
  ...['\n\n.\r\n', '\n\r\n.\n', '\n\r.\r\n', '\r\n.\n\r\n', '\r\n\n.\r\n', '\n.\n.\r\n'],
];
const INNER = 'MAIL FROM:<smuggled@evil.example>\r\nRCPT TO:<ben@one.example>\r\nDATA\r\nx: smuggled\r\n\r\nbody\r\n';
const HEAD = 'x: outer\r\n\r\nouter';
const REFUSED = /^550 5\.6\.0 (?:Bare (?:CR|LF)|NUL) in message/;
/** The refusal is the last that is said. */
const REFUSED_FOR_GOOD = /^550 5\.6\.0 (?:Bare (?:CR|LF)|NUL) in message[^\n]*\n$/;

/** Sends each piece as a segment of its own, as far as that can be had. */
async function sendPieces(client: LineClient, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    client.send(piece);
    await setImmediate();
  }
}

function bytewise(text: string): Buffer[] {
  return Array.from(Buffer.from(text, 'latin1'), (byte) => Buffer.from([byte]));
}

/** What a message may be refused for before its lines are in doubt. */
const SPOILT_BEFORE: readonly (readonly [name: string, content: string, refusal: RegExp])[] = [
  ['inside a line that is too long', `x: outer\r\n\r\n${'x'.repeat(66_000)}`, /^550 5\.6\.0 Line too long\r\n$/],
  ['behind a line that is too long', `x: outer\r\n\r\n${'x'.repeat(66_000)}\r\n`, /^550 5\.6\.0 Line too long\r\n$/],
  [
    'in a message that is too big',
    `x: outer\r\n\r\n${'line\r\n'.repeat(200_000)}`,
    /^552 5\.3\.4 Message too big\r\n$/,
  ],
];

describe.each(SEQUENCES)('%j ends no message', (sequence) => {
  test('in DATA, cut at every byte of it: refused, and nothing behind it is run', async () => {
    const before = await inboxes();
    const text = `${HEAD}${sequence}${INNER}.\r\n`;
    for (let at = HEAD.length; at <= HEAD.length + sequence.length + 1; at += 1) {
      const client = await greeted();
      await address(client);
      await client.ask('DATA');
      await sendPieces(client, [Buffer.from(text.slice(0, at), 'latin1'), Buffer.from(text.slice(at), 'latin1')]);
      expect(await client.rest()).toMatch(REFUSED_FOR_GOOD);
    }
    expect(await inboxes()).toEqual(before);
  });

  test.each(SPOILT_BEFORE)('in DATA, %s: nothing behind it is run', async (_, spoilt, refusal) => {
    const before = await inboxes();
    const client = await greeted();
    await address(client);
    await client.ask('DATA');
    client.send(spoilt);
    await sendPieces(client, [Buffer.from(`outer${sequence}`, 'latin1'), Buffer.from(`${INNER}.\r\n`)]);
    expect(await client.rest()).toMatch(refusal);
    expect(await inboxes()).toEqual(before);
  });

  test('in DATA, byte by byte', async () => {
    const before = await inboxes();
    const client = await greeted();
    await address(client);
    await client.ask('DATA');
    await sendPieces(client, bytewise(`${HEAD}${sequence}${INNER}.\r\n`));
    expect(await client.rest()).toMatch(REFUSED_FOR_GOOD);
    expect(await inboxes()).toEqual(before);
  });

  test('in BDAT, in one chunk and in chunks cut at every byte of it', async () => {
    const before = await inboxes();
    const client = await greeted();
    const text = `${HEAD}${sequence}${INNER}`;
    for (let at = HEAD.length; at <= HEAD.length + sequence.length; at += 1) {
      await address(client);
      client.send(`BDAT ${at}\r\n${text.slice(0, at)}BDAT ${text.length - at} LAST\r\n${text.slice(at)}`);
      const first = await client.reply();
      expect(first).toMatch(/^(?:250 2\.0\.0 \d+ octets received|550 5\.6\.0)/);
      expect(await client.reply()).toMatch(REFUSED);
      expect(await client.ask('NOOP')).toBe('250 2.0.0 Ok');
    }
    expect(await inboxes()).toEqual(before);
  });

  test('on LMTP', async () => {
    const client = await greeted('lmtp');
    await address(client);
    await client.ask('DATA');
    client.send(`${HEAD}${sequence}${INNER}.\r\n`);
    expect(await client.rest()).toMatch(REFUSED_FOR_GOOD);
  });

  test('in a part labelled binary it is octets', async () => {
    const client = await greeted();
    expect(await client.ask('MAIL FROM:<sender@remote.example> BODY=BINARYMIME')).toMatch(/^250 /);
    await client.ask('RCPT TO:<ann@one.example>');
    const text = `Content-Transfer-Encoding: binary\r\n\r\n${sequence}${INNER}`;
    client.send(`BDAT ${text.length} LAST\r\n${text}`);
    expect(await client.reply()).toMatch(/^250 2\.0\.0 Ok: queued as/);
    expect(await client.ask('NOOP')).toBe('250 2.0.0 Ok');
    const stored = (await server.readInbox('ann')).at(-1) ?? '';
    expect(Buffer.from(stored.split('base64\r\n\r\n')[1] ?? '', 'base64').toString('latin1')).toBe(sequence + INNER);
  });
});

test('the one real end, cut at every byte, ends one message and leaves what follows it a command', async () => {
  const client = await greeted();
  const text = 'x: y\r\n\r\nbody\r\n..\r\n.\r\nNOOP\r\n';
  const [ann = 0] = await inboxes();
  for (let at = 1; at < text.length; at += 1) {
    await address(client);
    await client.ask('DATA');
    await sendPieces(client, [Buffer.from(text.slice(0, at)), Buffer.from(text.slice(at))]);
    expect(await client.reply()).toMatch(/^250 2\.0\.0 Ok: queued as/);
    expect(await client.reply()).toBe('250 2.0.0 Ok');
  }
  expect((await inboxes())[0]).toBe(ann + text.length - 1);
  for (const message of (await server.readInbox('ann')).slice(ann)) expect(message).toMatch(/\r\n\r\nbody\r\n\.\r\n$/);
});

describe('a command’s argument is no second command', () => {
  test.each([
    'EHLO a\rMAIL FROM:<x@evil.example>',
    'EHLO a\nMAIL FROM:<x@evil.example>',
    'EHLO a\0b',
    'HELO a\r\rb',
    'MAIL FROM:<a@b.example>\nRCPT TO:<ben@one.example>',
    'MAIL FROM:<a@b.example>\rRCPT TO:<ben@one.example>',
    'MAIL FROM:<a@b.example>\0',
    'MAIL FROM:<a@b.example> SIZE=1\nX',
    'MAIL FROM:<"a\rb"@b.example>',
    'MAIL FROM:<"a\0b"@b.example>',
    'MAIL FROM:<a@b.example> ENVID=a\rb',
    'STARTTLS\nMAIL FROM:<a@b.example>',
    `NOOP ${'x'.repeat(20_000)}\nMAIL FROM:<x@evil.example>`,
  ])('%#: it is refused whole, or the session ends', async (line) => {
    const client = await greeted();
    client.send(`${line}\r\nNOOP\r\nMAIL FROM:\r\nRCPT TO:<ben@one.example>\r\nQUIT\r\n`);
    const said = await client.rest();
    expect(said).toMatch(/^50[0-3] /);
    expect(said).not.toContain('Sender ok');
    expect(said.split('\r\n')).toHaveLength(line.includes('\n') ? 2 : 6);
  });

  test.each(['\u0085', '\u2028', '\u2029', '\u009f', '\u200b'])(
    '%j in a UTF-8 address does not get into the trace',
    async (char) => {
      const client = await greeted();
      client.send(Buffer.from(`MAIL FROM:<a${char}b@remote.example> SMTPUTF8\r\n`));
      const answer = await client.reply();
      if (!answer.startsWith('250')) return;
      await client.ask('RCPT TO:<ann@one.example>');
      await client.ask('DATA');
      expect(await client.ask('x: y\r\n\r\nz\r\n.')).toMatch(/^250 /);
      const [returnPath = ''] = ((await server.readInbox('ann')).at(-1) ?? '').split('\r\n');
      expect(Buffer.from(returnPath, 'latin1').toString()).toBe(`Return-Path: <a${char}b@remote.example>`);
    },
  );
});

describe('STARTTLS: what was sent in clear is never taken as said under TLS', () => {
  const HELLO = Buffer.from('160301000b0100000703030000000000', 'hex');

  test.each([
    ['commands', Buffer.from('MAIL FROM:<injected@evil.example>\r\n')],
    ['half a command', Buffer.from('MAI')],
    ['a single byte', Buffer.from('\n')],
    ['the beginning of a handshake', HELLO],
  ])('%s behind it in the same segment end the session', async (_, behind) => {
    for (const service of ['mx', 'submission', 'lmtp'] as const) {
      const client = await greeted(service);
      client.send(Buffer.concat([Buffer.from('STARTTLS\r\n'), behind]));
      expect(await client.rest()).toBe('554 5.5.1 Input behind STARTTLS, closing the connection\r\n');
    }
  });

  test('commands in clear after the 220 run never: they are no handshake', async () => {
    for (const service of ['mx', 'submission', 'lmtp'] as const) {
      const client = await greeted(service);
      expect(await client.ask('STARTTLS')).toBe('220 2.0.0 Go ahead');
      client.send('MAIL FROM:<injected@evil.example>\r\nRCPT TO:<ann@one.example>\r\n');
      expect(await client.rest()).not.toMatch(/^[245]\d\d/m);
    }
  });

  test('envelope, greeting and message of before are forgotten', async () => {
    const client = await greeted();
    await address(client);
    expect(await client.ask('STARTTLS')).toMatch(/^220 /);
    await client.startTls();
    expect(await client.ask('DATA')).toBe('503 5.5.1 EHLO first');
    await client.ask('EHLO client.example');
    expect(await client.ask('DATA')).toBe('503 5.5.1 MAIL first');
    expect(await client.ask('STARTTLS')).toBe('503 5.5.1 TLS is already in use');
  });

  test('amid the chunks of a message it is refused', async () => {
    const client = await greeted();
    await address(client);
    client.send('BDAT 4\r\nx: y');
    await client.reply();
    expect(await client.ask('STARTTLS')).toMatch(/^503 5\.5\.1 A message is under way/);
  });
});
