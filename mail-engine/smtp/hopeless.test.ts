/** A message that failed and goes on and on is answered with what failed, and the connection ends. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { type MailServer, openMailServer } from './testing/open-mail-server.ts';

let server: MailServer;
const clients: LineClient[] = [];

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'), { smtpLimits: { drainBytes: 100_000 } });
});
afterAll(async () => {
  for (const client of clients) client.cut();
  await server.close();
});
afterEach(() => {
  server.settings.maxMessageBytes = 1_000_000;
});

async function addressed(): Promise<LineClient> {
  const client = await server.connect('mx');
  clients.push(client);
  await client.reply();
  await client.ask('EHLO client.example');
  await client.ask('MAIL FROM:<sender@remote.example>');
  await client.ask('RCPT TO:<ann@one.example>');
  return client;
}

const HEAD = 'x: y\r\n\r\n';
const LINES = '0123456789\r\n'.repeat(300_000);

async function sendData(content: string): Promise<string> {
  const client = await addressed();
  await client.ask('DATA');
  client.send(content);
  return await client.rest();
}

async function sendChunk(content: string): Promise<string> {
  const client = await addressed();
  client.send(`BDAT ${content.length + 1}\r\n${content}`);
  return await client.rest();
}

describe.each([
  ['DATA', sendData],
  ['BDAT', sendChunk],
])('by %s', (_, send) => {
  test('what could not be stored now is refused for now', async () => {
    server.settings.maxMessageBytes = 100_000_000;
    await server.pool.query('ALTER TABLE blob RENAME TO blob_away');
    try {
      expect(await send(HEAD + LINES)).toBe('451 4.3.0 Cannot take the message now, try again later\r\n');
    } finally {
      await server.pool.query('ALTER TABLE blob_away RENAME TO blob');
    }
  });

  test('a NUL is what is told of', async () => {
    expect(await send(`${HEAD}a\0b\r\n${LINES}`)).toMatch(/^550 5\.6\.0 NUL in message[^\n]*\n$/);
  });

  test('too big is what is too big', async () => {
    expect(await send(HEAD + LINES)).toBe('552 5.3.4 Message too big\r\n');
  });
});
