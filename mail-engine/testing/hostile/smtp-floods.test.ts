/** Much of what costs the sender nothing: it costs us bounded memory, and the session stays in step. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import {
  type AttackedEngine,
  mebibytes,
  openData,
  openSmtp,
  requireServing,
  SECRET,
  startAttackedEngine,
} from './attacked-engine.ts';

let engine: AttackedEngine;
beforeAll(async () => {
  engine = await startAttackedEngine(inject('clusterUrl'));
});
afterAll(async () => {
  await requireServing(engine);
  await engine.end();
});

async function countReplies(client: LineClient, count: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let read = 0; read < count; read += 1) {
    const code = (await client.reply()).slice(0, 3);
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

test('a hundred thousand commands in one write are answered one by one', async () => {
  const client = await openSmtp(engine);
  const before = await engine.readResidentMib();
  client.send('NOOP\r\n'.repeat(100_000));
  expect(await countReplies(client, 100_000)).toEqual({ 250: 100_000 });
  expect((await engine.readResidentMib()) - before).toBeLessThan(150);
  client.cut();
});

test('chunks of nothing make no message, and end as one when the last has come', async () => {
  const client = await openSmtp(engine);
  await client.ask('MAIL FROM:<a@x.example>');
  await client.ask(`RCPT TO:<${engine.user}>`);
  client.send('BDAT 0\r\n'.repeat(10_000));
  expect(await countReplies(client, 10_000)).toEqual({ 250: 10_000 });
  const letter = `Subject: after nothing\r\n\r\n${SECRET}\r\n`;
  client.send(`BDAT ${letter.length} LAST\r\n${letter}`);
  expect(await client.reply()).toMatch(/^250 2\.0\.0/);
  client.cut();
});

test('a message a byte at a time in chunks is one message', async () => {
  const client = await openSmtp(engine);
  await client.ask('MAIL FROM:<a@x.example>');
  await client.ask(`RCPT TO:<${engine.user}>`);
  const letter = `Subject: bytes\r\n\r\n${'x'.repeat(5_000)}\r\n`;
  client.send([...letter].map((byte) => `BDAT 1\r\n${byte}`).join(''));
  client.send('BDAT 0 LAST\r\n');
  expect(await countReplies(client, letter.length + 1)).toEqual({ 250: letter.length + 1 });
  client.cut();
});

test('transactions begun and reset without end', async () => {
  const client = await openSmtp(engine);
  const before = await engine.readResidentMib();
  client.send(`MAIL FROM:<a@x.example>\r\nRCPT TO:<${engine.user}>\r\nRSET\r\n`.repeat(10_000));
  const counts = await countReplies(client, 1_000);
  expect(counts[250]).toBe(1_000);
  expect((await engine.readResidentMib()) - before).toBeLessThan(150);
  client.cut();
});

test('a body of 40 MB without a line end costs no memory', async () => {
  const client = await openData(engine);
  const before = await engine.readResidentMib();
  client.send('Subject: x\r\n\r\n');
  const piece = Buffer.alloc(mebibytes(1), 'x');
  for (let sent = 0; sent < 40; sent += 1) client.send(piece);
  client.send('\r\n.\r\n');
  expect(await client.reply()).toMatch(/^550 5\.6\.0/);
  expect((await engine.readResidentMib()) - before).toBeLessThan(150);
  client.cut();
});
