import { afterEach, describe, expect, test } from 'vitest';
import { type ScriptedMx, type ScriptedMxOptions, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import { type OpenDelivery, openDelivery } from './testing/open-delivery.ts';

const running: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

const BDAT = ['PIPELINING', 'SIZE', '8BITMIME', 'CHUNKING'];
const BDAT_IN_STEPS = ['CHUNKING'];
const DATA = ['PIPELINING', 'SIZE'];

async function open(options: ScriptedMxOptions): Promise<[ScriptedMx, OpenDelivery]> {
  const server = await startScriptedMx(options);
  const delivery = openDelivery(server.port, { 'mx.test': '127.0.0.1' });
  running.push(
    () => server.close(),
    () => delivery.pool.close(),
  );
  return [server, delivery];
}

const commands = ({ transcript }: ScriptedMx) =>
  transcript.map((line) => line.slice(3)).filter((line) => /^(?:BDAT|DATA|\(message\))/.test(line));

describe('BDAT, where the server offers CHUNKING', () => {
  test('a small message is one chunk, periods as they are', async () => {
    const [server, { deliver }] = await open({ extensions: BDAT });
    const body = Buffer.from('Subject: x\r\n\r\n.\r\n..two\r\n');
    expect(await deliver([body.subarray(0, 5), body.subarray(5)])).toMatchObject({
      kind: 'delivered',
      status: '2.0.0',
    });
    expect(server.messages[0]?.bytes.equals(body)).toBe(true);
    expect(commands(server)).toEqual([`BDAT ${body.length} LAST`, '(message)']);
  });

  test.each([
    ['pipelined', BDAT],
    ['reply by reply', BDAT_IN_STEPS],
  ])('a large one arrives octet for octet, %s', async (_, extensions) => {
    const [server, { deliver, pool }] = await open({ extensions });
    const chunk = Buffer.from(`.${'x'.repeat(70)}\r\n`.repeat(3550));
    expect(await deliver(Array<Buffer>(20).fill(chunk))).toMatchObject({ kind: 'delivered' });
    expect(server.messages[0]?.bytes.equals(Buffer.concat(Array<Buffer>(20).fill(chunk)))).toBe(true);
    expect(commands(server).length).toBeGreaterThan(10);
    expect(commands(server).at(-2)).toMatch(/^BDAT \d+ LAST$/);
    expect(pool.idleCount).toBe(1);
  });

  test('an empty message, and one whose last line is open', async () => {
    const [server, { deliver }] = await open({ extensions: BDAT });
    await deliver([]);
    await deliver([Buffer.from('Subject: x\r\n\r\nopen')]);
    expect(server.messages.map(({ bytes }) => bytes.toString())).toEqual(['', 'Subject: x\r\n\r\nopen\r\n']);
  });

  test.each([
    ['(chunk)', '552 5.3.4 enough', 'failed', '5.3.4'],
    ['(chunk)', '451 4.3.1 disk', 'deferred', '4.3.1'],
    ['(message)', '554 5.7.1 spam', 'failed', '5.7.1'],
    ['(message)', '354 what', 'deferred', '4.5.0'],
    ['(message)', 'cut', 'deferred', '4.4.2'],
  ])('%s answered %s: %s', async (step, reply, kind, status) => {
    for (const extensions of [BDAT, BDAT_IN_STEPS]) {
      const [, { deliver, pool }] = await open({ extensions, reply: (line) => (line === step ? reply : undefined) });
      const chunks = Array<Buffer>(30).fill(Buffer.from(`${'x'.repeat(62)}\r\n`.repeat(4096)));
      expect(await deliver(chunks)).toMatchObject({ kind, status });
      expect(pool.idleCount).toBe(0);
    }
  });

  test('421 or a cut amid the chunks: another connection may be tried, nothing was taken', async () => {
    for (const reply of ['421 4.3.2 bye', 'cut']) {
      const [server, { deliver }] = await open({
        extensions: BDAT_IN_STEPS,
        reply: (line) => (line === '(chunk)' ? reply : undefined),
      });
      expect(await deliver(Array<Buffer>(4).fill(Buffer.from(`${'x'.repeat(62)}\r\n`.repeat(2048))))).toMatchObject({
        kind: 'deferred',
        unreachable: true,
      });
      expect(server.messages).toHaveLength(0);
    }
  });
});

describe('whatever is in the store, the next hop sees one message (SMTP smuggling)', () => {
  const SEQUENCES = [
    ...['\n.\n', '\n.\r\n', '\r.\r', '\r.\r\n', '\r\n.\n', '\r\n.\r', '\n.\r', '\r.\n', '\r\n.\r\n'],
    ...['\r\n.\0\r\n', '\r\n\0.\r\n', '\r\0\n.\r\n', '\r\n.\r\r\n', '\r\r\n.\r\r\n', '\n\n.\r\r', '\r\n.\r\n.\r\n'],
  ];
  const INNER = 'MAIL FROM:<x@evil.test>\r\nRCPT TO:<victim@there.test>\r\nDATA\r\ninner';

  test.each(SEQUENCES)('%j', async (sequence) => {
    const stored = Buffer.from(`Subject: x\r\n\r\nouter${sequence}${INNER}`, 'latin1');
    const meant = `${stored
      .toString('latin1')
      .replaceAll('\0', '')
      .replace(/\r\n|\r|\n/g, '\r\n')}\r\n`;
    for (const extensions of [DATA, BDAT]) {
      const [server, { deliver }] = await open({ extensions });
      const places = [0, stored.indexOf(sequence) + 1, stored.indexOf(sequence) + 2, stored.length];
      await deliver(places.slice(1).map((end, index) => stored.subarray(places[index], end)));
      await deliver(Array.from(stored, (byte) => Buffer.from([byte])));
      expect(server.messages.map(({ bytes }) => bytes.toString('latin1'))).toEqual([meant, meant]);
      expect(server.transcript.filter((line) => line.includes('evil'))).toEqual([]);
    }
  });
});
