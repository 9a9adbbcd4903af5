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

const last = (messages: string[]) => messages.at(-1) ?? '';

async function addressed(body = 'BINARYMIME'): Promise<LineClient> {
  const client = await server.connect('mx');
  clients.push(client);
  await client.reply();
  await client.ask('EHLO client.example');
  expect(await client.ask(`MAIL FROM:<a@remote.example> BODY=${body}`)).toMatch(/^250 /);
  await client.ask('RCPT TO:<carl@one.example>');
  return client;
}

async function send(client: LineClient, ...chunks: Buffer[]): Promise<string> {
  for (const [index, chunk] of chunks.entries()) {
    client.send(`BDAT ${chunk.length}${index === chunks.length - 1 ? ' LAST' : ''}\r\n`);
    client.send(chunk);
    if (index < chunks.length - 1) expect(await client.reply()).toMatch(/^250 /);
  }
  return await client.reply();
}

const OCTETS = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index * 31 + index) % 256));
const HEAD =
  'Subject: binary\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=b"\r\nContent-Transfer-Encoding: binary\r\n\r\n' +
  '--=b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: binary\r\n\r\none\ntwo\r\n--=b\r\n' +
  'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n';
const MESSAGE = Buffer.concat([Buffer.from(HEAD), OCTETS, Buffer.from('\r\n--=b--\r\n')]);

/** The decoded body of the last part, and that every line of the whole is one. */
function readLastPart(message: string): Buffer {
  expect(message.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/);
  expect(Math.max(...message.split('\r\n').map((line) => line.length))).toBeLessThan(200);
  const part = message.split('--=b').at(-2) ?? '';
  expect(part).toContain('Content-Transfer-Encoding: base64\r\n');
  return Buffer.from(part.slice(part.indexOf('\r\n\r\n')), 'base64');
}

describe('BODY=BINARYMIME', () => {
  test('arrives as lines, and decoded as the octets that were sent', async () => {
    const client = await addressed();
    const cuts = [0, 1, HEAD.length - 1, HEAD.length + 1, 100_000, MESSAGE.length];
    const chunks = cuts.slice(1).map((cut, index) => MESSAGE.subarray(cuts[index], cut));
    expect(await send(client, ...chunks)).toMatch(/^250 2\.0\.0 Ok: queued as/);
    expect(readLastPart(last(await server.readInbox('carl'))).equals(OCTETS)).toBe(true);
  });

  test('is served as lines by POP3', async () => {
    const client = await addressed();
    await send(client, MESSAGE);
    const pop3 = await server.connect('pop3s');
    clients.push(pop3);
    await pop3.line();
    for (const line of ['USER carl@one.example', 'PASS correct horse battery', 'LIST']) {
      pop3.send(`${line}\r\n`);
      expect(await pop3.line()).toMatch(/^\+OK/);
    }
    const [count = '0'] = (await pop3.dotLines()).at(-1)?.split(' ') ?? [];
    pop3.send(`RETR ${count}\r\n`);
    expect(await pop3.line()).toMatch(/^\+OK/);
    const lines = await pop3.dotLines();
    expect(readLastPart(`${lines.join('\r\n')}\r\n`).equals(OCTETS)).toBe(true);
  });

  test('is not for DATA, which leaves the transaction as it is', async () => {
    const client = await addressed();
    expect(await client.ask('DATA')).toBe('503 5.5.1 BINARYMIME goes by BDAT');
    expect(await send(client, MESSAGE)).toMatch(/^250 /);
  });

  test('holds for what is labelled binary only', async () => {
    const client = await addressed();
    const text = Buffer.from('Subject: x\r\n\r\nnot labelled\nbinary');
    expect(await send(client, text)).toBe('550 5.6.0 Bare LF in message: lines must end with CRLF');
    expect(await client.ask('MAIL FROM:<a@remote.example> BODY=BINARY')).toMatch(/^501 5\.5\.4 /);
  });

  test('and without it a body labelled binary is lines like any other', async () => {
    const client = await addressed('8BITMIME');
    expect(await send(client, MESSAGE)).toMatch(/^550 5\.6\.0 (Bare|NUL)/);
  });

  test('counts the octets that were sent, not those they become', async () => {
    server.settings.maxMessageBytes = MESSAGE.length;
    expect(await send(await addressed(), MESSAGE)).toMatch(/^250 /);
    server.settings.maxMessageBytes = MESSAGE.length - 1;
    expect(await send(await addressed(), MESSAGE)).toBe('552 5.3.4 Message too big');
    server.settings.maxMessageBytes = 1_000_000;
  });

  test('holds no end of data, whatever is in it', async () => {
    const before = (await server.readInbox('carl')).length;
    const inner = '\r\n.\r\nMAIL FROM:<x@evil.example>\r\nRCPT TO:<carl@one.example>\r\nDATA\r\nx: y\r\n\r\n.\r\n';
    const client = await addressed();
    const message = Buffer.from(`Content-Transfer-Encoding: binary\r\n\r\n${inner}`);
    expect(await send(client, message)).toMatch(/^250 /);
    expect(await client.ask('NOOP')).toBe('250 2.0.0 Ok');
    const inbox = await server.readInbox('carl');
    expect(inbox.length).toBe(before + 1);
    expect(Buffer.from(last(inbox).split('base64\r\n\r\n')[1] ?? '', 'base64').toString()).toBe(inner);
  });
});
