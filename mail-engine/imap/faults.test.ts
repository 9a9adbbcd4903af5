/** What a client sees when something of ours fails, and that it never costs anybody else. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { append } from '#engine/store/testing/open-test-store.ts';
import { type ImapServer, openImapServer, PASSWORD } from './testing/open-imap-server.ts';
import { play } from './testing/transcript.ts';

let server: ImapServer;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'));
});
afterAll(() => server.close());

/** Incompressible and larger than every buffer between the store and a client that does not read. */
function largeMessage(bytes: number): string {
  const lines = randomBytes(bytes / 2)
    .toString('hex')
    .replace(/.{76}/g, '$&\r\n');
  return `Subject: large\r\n\r\n${lines}\r\n`;
}

async function connect(address: string): Promise<LineClient> {
  const client = await LineClient.connect(server.port);
  await client.line();
  client.send(`login login ${address} "${PASSWORD}"\r\ns select inbox\r\n`);
  while (!(await client.line())?.startsWith('s OK'));
  return client;
}

test('a fault of ours is NO with an id to ask about, and the session goes on', async () => {
  const address = 'fault@one.example';
  await append(server.store, await server.addAccount(address), 'INBOX', 'Subject: x\r\n\r\nx\r\n');
  const client = await connect(address);
  await server.pool.query('ALTER TABLE message RENAME TO message_away');
  client.send('a fetch 1 rfc822.size\r\n');
  const answer = await client.line();
  await server.pool.query('ALTER TABLE message_away RENAME TO message');
  expect(answer).toMatch(/^a NO \[SERVERBUG\] Internal error, reference [0-9a-f]{10}$/);
  client.send('b fetch 1 rfc822.size\r\n');
  expect(await client.line()).toBe('* 1 FETCH (RFC822.SIZE 17)');
  expect(await client.line()).toBe('b OK FETCH completed');
  client.cut();
});

test('a message whose bytes end early cuts the connection: no client takes half of it for all', async () => {
  const address = 'short@one.example';
  const accountId = await server.addAccount(address);
  const message = largeMessage(2 * 1024 * 1024);
  await append(server.store, accountId, 'INBOX', message);
  const client = await connect(address);
  await server.pool.query(`CREATE TABLE chunk_kept AS SELECT c.* FROM blob_chunk c JOIN message m ON m.blob_id = c.blob_id
    WHERE m.account_id = ${accountId} AND c.seq > 2`);
  await server.pool.query('DELETE FROM blob_chunk c USING chunk_kept k WHERE c.blob_id = k.blob_id AND c.seq = k.seq');
  client.send('a fetch 1 body.peek[]\r\n');
  const received = await client.rest();
  expect(received).toContain(`* 1 FETCH (BODY[] {${message.length}}`);
  expect(received.length).toBeLessThan(message.length);
  expect(received).not.toContain('a OK');
  await server.pool.query('INSERT INTO blob_chunk SELECT * FROM chunk_kept');
});

test('a client that does not read holds up nobody, and gets every byte when it does', async () => {
  const address = 'slow@one.example';
  const message = largeMessage(24 * 1024 * 1024);
  await append(server.store, await server.addAccount(address), 'INBOX', message);
  const client = await connect(address);
  client.socket.pause();
  client.send('a fetch 1 body.peek[]\r\nb logout\r\n');
  await play(
    { port: server.port, address },
    `
    C1: a select inbox
    S1* a OK ...
    C1: b fetch 1 rfc822.size
    S1: * 1 FETCH (RFC822.SIZE ${message.length})
    S1: b OK FETCH completed
  `,
  );
  client.socket.resume();
  const received = await client.rest();
  const start = received.indexOf('}\r\n') + 3;
  expect(received.slice(start, start + message.length) === message).toBe(true);
  expect(received.slice(start + message.length)).toMatch(/^\)\r\na OK FETCH completed\r\n\* BYE Goodbye\r\nb OK/);
});

test('a client that goes away in the middle of a large message costs its own session only', async () => {
  const address = 'gone@one.example';
  await append(server.store, await server.addAccount(address), 'INBOX', largeMessage(8 * 1024 * 1024));
  for (let round = 0; round < 3; round += 1) {
    const client = await connect(address);
    client.send('a fetch 1 body.peek[]\r\n');
    await client.line();
    client.cut();
  }
  await play({ port: server.port, address }, 'C1: a select inbox\nS1* a OK ...');
});
