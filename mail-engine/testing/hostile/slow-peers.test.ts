/** Peers that take nothing, say nothing, or leave in the middle; many of them, again and again. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { createPool } from '#server/database/pool.ts';
import {
  type AttackedEngine,
  mebibytes,
  openData,
  openImap,
  openPop3,
  openSmtp,
  requireServing,
  SECRET,
  startAttackedEngine,
} from './attacked-engine.ts';

/** What the engine's memory may grow by over a flood: buffers of a moment, not of every client that ever came. */
const MAY_GROW_MIB = 150;

let engine: AttackedEngine;
beforeAll(async () => {
  engine = await startAttackedEngine(inject('clusterUrl'));
});
afterEach(() => requireServing(engine));
afterAll(() => engine.end());

/** Runs `attack` once to warm up, then `times` more, and looks at what the engine's memory grew by. */
async function expectNoGrowth(times: number, attack: () => Promise<void>): Promise<void> {
  await attack();
  const before = await engine.readResidentMib();
  for (let round = 0; round < times; round += 1) await attack();
  expect((await engine.readResidentMib()) - before).toBeLessThan(MAY_GROW_MIB);
}

/** Writes `bytes` until the server has stopped taking them: the socket has not drained though the loop went round many times. */
async function pushUntilStuck(client: LineClient, bytes: Buffer): Promise<void> {
  const { socket } = client;
  socket.pause();
  let idle = 0;
  let last = -1;
  for (let sent = 0; sent < 512; sent += 1) {
    if (socket.writableLength < mebibytes(8)) socket.write(bytes);
    const taken = socket.bytesWritten - socket.writableLength;
    idle = taken === last ? idle + 1 : 0;
    last = taken;
    if (idle > 200) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('commands without end, replies never read', () => {
  const flood = (command: string) => Buffer.from(command.repeat(Math.ceil(mebibytes(1) / command.length)));

  test.each([
    ['EHLO', () => openSmtp(engine), flood('EHLO a.example\r\n')],
    ['NOOP to SMTP', () => openSmtp(engine), flood('NOOP\r\n')],
    ['NOOP to IMAP', () => openImap(engine, null), flood('a NOOP\r\n')],
    ['CAPABILITY to IMAP', () => openImap(engine, null), flood('a CAPABILITY\r\n')],
    ['CAPA to POP3', () => openPop3(engine, false), flood('CAPA\r\n')],
  ])('%s', async (_name, open, bytes) => {
    await expectNoGrowth(3, async () => {
      const client = await open();
      await pushUntilStuck(client, bytes);
      client.cut();
    });
  });
});

describe('peers that leave', () => {
  test('in the middle of a command, a message, a literal, a handshake: nothing is kept of any', async () => {
    await expectNoGrowth(30, async () => {
      const smtp = await openData(engine);
      smtp.send(Buffer.concat([Buffer.from(`Subject: ${SECRET}\r\n\r\n`), Buffer.alloc(50_000, 'x')]));
      const imap = await openImap(engine, null);
      imap.send('a LOGIN {10000}\r\nhalf');
      const pop3 = await openPop3(engine, false);
      pop3.send('USER half');
      const handshake = await LineClient.connect(engine.ports.imaps);
      handshake.send(Buffer.from([0x16, 0x03, 0x01, 0x10, 0x00, 0x01]));
      for (const client of [smtp, imap, pop3, handshake]) client.cut();
    });
  });

  test('closing only their own side: what was asked is answered, then the connection ends', async () => {
    const smtp = await openData(engine);
    smtp.send('Subject: half\r\n\r\nhalf of a message\r\n');
    smtp.finish();
    expect(await smtp.rest()).not.toContain('250 2.0.0');
    const client = await openSmtp(engine);
    client.send('NOOP\r\nMAIL FROM:<a@x.example>\r\n');
    client.finish();
    expect((await client.rest()).match(/^250 /gm)).toHaveLength(2);
  });

  test('a large message half sent leaves no row behind', async () => {
    const client = await openData(engine);
    for (let sent = 0; sent < 5; sent += 1) client.send(Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(1000)));
    client.cut();
    const pool = createPool({ connectionString: engine.database.url, max: 1 });
    const pending = async () => (await pool.query('SELECT id FROM blob WHERE NOT ready')).rows;
    await vi.waitFor(async () => expect(await pending()).toEqual([]), { timeout: 10_000 });
    await pool.end();
  });
});

describe('more connections than there are places', () => {
  test('those over the limit wait, are served as places come back, and none is lost', async () => {
    const clients: LineClient[] = [];
    const greeted = new Map<LineClient, string>();
    for (let count = 0; count < 205; count += 1) clients.push(await LineClient.connect(engine.ports.smtp));
    const greetings = clients.map(async (client) => greeted.set(client, (await client.line()) ?? ''));
    await vi.waitFor(() => expect(greeted.size).toBe(200), { timeout: 20_000 });
    const leaving = [...greeted.keys()].slice(0, 5);
    for (const client of leaving) client.cut();
    await Promise.all(greetings);
    expect([...greeted.values()].filter((line) => line.startsWith('220 '))).toHaveLength(205);
    for (const client of clients) client.cut();
    await vi.waitFor(
      async () => {
        const client = await LineClient.connect(engine.ports.smtp);
        const line = await client.line();
        client.cut();
        expect(line).toMatch(/^220 /);
      },
      { timeout: 20_000 },
    );
  });
});
