import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  type AttackedEngine,
  mebibytes,
  openData,
  openPop3,
  PASSWORD,
  requireServing,
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

test.each([
  ['a bare LF', 'CAPA\n', '-ERR Lines must end with CRLF'],
  ['NUL', 'USER a\0b\r\n', '-ERR Bare CR or NUL'],
  ['a bare CR', 'USER a\rb\r\n', '-ERR Bare CR or NUL'],
  ['what is not UTF-8', Buffer.from('USER \xff\xfe\r\n', 'latin1'), '-ERR Command is not UTF-8'],
  ['a command that is none', 'XPLOIT\r\n', '-ERR Unknown command'],
  ['a command of a later state', 'RETR 1\r\n', '-ERR Sign in first'],
  ['PASS before USER', 'PASS x\r\n', '-ERR USER first'],
  ['a line of a megabyte', `USER ${'x'.repeat(mebibytes(1))}\r\n`, '-ERR Line too long'],
  ['half of base64', 'AUTH PLAIN Q\r\n', '-ERR That is not base64'],
])('%s before signing in', async (_name, bytes, expected) => {
  const client = await openPop3(engine, false);
  client.send(bytes);
  expect(await client.line()).toContain(expected);
  client.cut();
});

test('numbers that name no message', async () => {
  const client = await openPop3(engine);
  for (const command of [
    'RETR 0',
    'RETR 4294967296',
    'RETR 99999999999999999999',
    'DELE -1',
    'TOP 1',
    'LIST 1 2',
    'UIDL x',
  ]) {
    expect(await client.ask(command), command).toMatch(/^-ERR/);
  }
  expect(await client.ask('STAT')).toMatch(/^\+OK /);
  client.cut();
});

test('guessing passwords ends the session', async () => {
  const client = await openPop3(engine, false);
  client.send(`USER ${engine.other}\r\nPASS not-${PASSWORD}\r\n`.repeat(50));
  const said = await client.rest();
  expect(said.match(/-ERR \[AUTH\]/g)?.length).toBe(3);
});

test('refused commands end the session', async () => {
  const client = await openPop3(engine, false);
  client.send('XPLOIT\r\n'.repeat(1_000));
  expect((await client.rest()).match(/-ERR/g)?.length).toBe(21);
});

test('a session cut off removes nothing', async () => {
  const smtp = await openData(engine);
  smtp.send('Subject: kept\r\n\r\nkept\r\n.\r\n');
  await smtp.reply();
  smtp.cut();
  const client = await openPop3(engine);
  expect(await client.ask('DELE 1')).toBe('+OK Marked');
  client.send('QUIT'); // never ended
  client.cut();
  const next = await openPop3(engine);
  expect(await next.ask('STAT')).toMatch(/^\+OK 1 /);
  next.cut();
});
