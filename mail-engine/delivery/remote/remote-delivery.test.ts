import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSelfSigned } from '#engine/net/self-signed.ts';
import { type ScriptedMx, type ScriptedMxOptions, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import type { Outcome } from '../outcome.ts';
import type { TransactionRecipient } from './envelope-commands.ts';
import type { RemoteDeliveryOptions, RemoteMessage } from './remote-delivery.ts';
import { type OpenDelivery, openDelivery } from './testing/open-delivery.ts';
import { PHASE_TIMEOUTS } from './timeouts.ts';

let tls: { key: string; cert: string };
beforeAll(() => {
  tls = createSelfSigned(['mx.test'], new Date(Date.now() - 86_400_000), new Date(Date.now() + 86_400_000));
});

const running: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

async function mx(options: ScriptedMxOptions = {}): Promise<ScriptedMx> {
  const server = await startScriptedMx(options);
  running.push(() => server.close());
  return server;
}

const BODY = 'Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n';

interface Setup extends Omit<OpenDelivery, 'deliver'> {
  deliver: (
    recipients: (string | TransactionRecipient)[],
    overrides?: Partial<RemoteMessage>,
    body?: string,
  ) => Promise<readonly Outcome[]>;
}

function setup(port: number, hosts: Record<string, string>, overrides: Partial<RemoteDeliveryOptions> = {}): Setup {
  const delivery = openDelivery(port, hosts, overrides);
  running.push(() => delivery.pool.close());
  return {
    ...delivery,
    deliver: (recipients, given, body = BODY) => delivery.deliverTo(recipients, [Buffer.from(body)], given),
  };
}

/** A second server at another loopback address and the same port. */
async function pair(
  first: ScriptedMxOptions,
  second: ScriptedMxOptions = {},
): Promise<[ScriptedMx, ScriptedMx, Setup]> {
  const one = await mx({ ...first, address: '127.0.0.1' });
  const two = await mx({ ...second, address: '127.0.0.2', port: one.port });
  return [one, two, setup(one.port, { 'mx1.test': '127.0.0.1', 'mx2.test': '127.0.0.2' })];
}

const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind, status }) => `${kind} ${status}`);

describe('a message is delivered', () => {
  test('intact, its dots doubled on the way only', async () => {
    const server = await mx();
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    const [outcome] = await deliver(['b@there.test']);
    expect(outcome).toMatchObject({
      kind: 'delivered',
      status: '2.0.0',
      reply: '250 2.0.0 taken',
      remoteHost: 'mx.test',
    });
    expect(server.messages[0]?.bytes.toString()).toBe(BODY);
    expect(server.transcript.slice(0, 5)).toEqual([
      '1: EHLO own.test',
      `1: MAIL FROM:<a@sender.test> SIZE=${BODY.length}`,
      '1: RCPT TO:<b@there.test>',
      '1: DATA',
      '1: (message)',
    ]);
  });

  test('of 20 MB, chunk by chunk, byte for byte', async () => {
    const server = await mx();
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    const chunk = Buffer.from(`.${'x'.repeat(70)}\r\n`.repeat(3550));
    const openBody = async function* () {
      for (let count = 0; count < 80; count += 1) yield chunk;
    };
    expect(kinds(await deliver(['b@there.test'], { openBody, sizeBytes: chunk.length * 80 }))).toEqual([
      'delivered 2.0.0',
    ]);
    expect(server.messages[0]?.bytes.length).toBe(chunk.length * 80);
    expect(server.messages[0]?.bytes.subarray(-chunk.length).equals(chunk)).toBe(true);
  });

  test('with the parameters the server offers, and without those it does not', async () => {
    const full = await mx({ extensions: ['PIPELINING', 'SIZE', '8BITMIME', 'SMTPUTF8', 'DSN'] });
    const bare = await mx({ extensions: ['8BITMIME'] });
    const recipient = { address: 'b@there.test', notify: 'SUCCESS,FAILURE', orcpt: 'rfc822;b@there.test' };
    for (const server of [full, bare]) {
      const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
      await deliver([recipient], { eightBit: true, envId: 'QQ314159', ret: 'HDRS' });
    }
    expect(full.transcript.slice(1, 3)).toEqual([
      '1: MAIL FROM:<a@sender.test> BODY=8BITMIME RET=HDRS ENVID=QQ314159',
      '1: RCPT TO:<b@there.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;b@there.test',
    ]);
    expect(full.pipelined).toBeGreaterThan(0);
    expect(bare.transcript.slice(1, 3)).toEqual([
      '1: MAIL FROM:<a@sender.test> BODY=8BITMIME',
      '1: RCPT TO:<b@there.test>',
    ]);
    expect(bare.pipelined).toBe(0);
  });

  test('by HELO where EHLO is unknown', async () => {
    const server = await mx({ reply: (line) => (line.startsWith('EHLO') ? '502 what?' : undefined) });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect(kinds(await deliver(['b@there.test']))).toEqual(['delivered 2.0.0']);
    expect(server.transcript[1]).toBe('1: HELO own.test');
  });

  test('8-bit to a server without 8BITMIME: as it is', async () => {
    const server = await mx({ extensions: [] });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    const body = 'Subject: x\r\n\r\nümlaut\r\n';
    await deliver(['b@there.test'], { eightBit: true }, body);
    expect(server.messages[0]?.bytes.toString()).toBe(body);
  });
});

describe('each recipient has its own outcome', () => {
  test('some taken, some refused for now, some for good', async () => {
    const server = await mx({
      reply: (line) =>
        line.includes('<later@')
          ? '450 4.2.1 greylisted'
          : line.includes('<never@')
            ? '550-5.1.1 no\r\n550 5.1.1 such user'
            : undefined,
    });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    const outcomes = await deliver(['a@there.test', 'later@there.test', 'never@there.test', 'b@there.test']);
    expect(kinds(outcomes)).toEqual(['delivered 2.0.0', 'deferred 4.2.1', 'failed 5.1.1', 'delivered 2.0.0']);
    expect(outcomes[2]?.reply).toBe('550 5.1.1 no such user');
    expect(server.messages).toHaveLength(1);
    expect(server.messages[0]?.rcpts).toEqual(['RCPT TO:<a@there.test>', 'RCPT TO:<b@there.test>']);
  });

  test('all refused: no DATA, and the connection is still good', async () => {
    const server = await mx({ reply: (line) => (line.startsWith('RCPT') ? '550 no' : undefined) });
    const { deliver, pool } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect(kinds(await deliver(['a@there.test', 'b@there.test']))).toEqual(['failed 5.0.0', 'failed 5.0.0']);
    expect(server.transcript).not.toContain('1: DATA');
    expect(pool.idleCount).toBe(1);
  });

  test.each([
    ['MAIL', '550 5.7.1 go away', 'failed 5.7.1'],
    ['MAIL', '451 4.3.0 later', 'deferred 4.3.0'],
    ['DATA', '554 5.6.0 no', 'failed 5.6.0'],
    ['DATA', '250 surprise', 'deferred 4.5.0'],
    ['(message)', '552 5.2.3 too much', 'failed 5.2.3'],
    ['(message)', '451 scanner', 'deferred 4.0.0'],
    ['(message)', '354 more', 'deferred 4.5.0'],
  ])('%s answered %s: all %s', async (command, reply, expected) => {
    const server = await mx({ reply: (line) => (line.startsWith(command) ? reply : undefined) });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect(kinds(await deliver(['a@there.test', 'b@there.test']))).toEqual([expected, expected]);
  });

  test('more than the server takes at a time go in further transactions over the same connection', async () => {
    let taken = 0;
    const server = await mx({
      reply: (line) => {
        if (line.startsWith('MAIL')) taken = 0;
        if (!line.startsWith('RCPT')) return undefined;
        taken += 1;
        return taken > 2 ? '452 4.5.3 too many recipients' : undefined;
      },
    });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    const outcomes = await deliver(['a@x.test', 'b@x.test', 'c@x.test', 'd@x.test', 'e@x.test']);
    expect(new Set(kinds(outcomes))).toEqual(new Set(['delivered 2.0.0']));
    expect(server.messages.map(({ rcpts, connection }) => [rcpts.length, connection])).toEqual([
      [2, 1],
      [2, 1],
      [1, 1],
    ]);
  });

  test('LIMITS RCPTMAX is kept (RFC 9422)', async () => {
    const server = await mx({ extensions: ['PIPELINING', 'LIMITS RCPTMAX=2'] });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    await deliver(['a@x.test', 'b@x.test', 'c@x.test']);
    expect(server.messages.map(({ rcpts }) => rcpts.length)).toEqual([2, 1]);
  });

  test('LIMITS MAILMAX is kept, within one message too (RFC 9422)', async () => {
    const server = await mx({ extensions: ['PIPELINING', 'LIMITS RCPTMAX=1 MAILMAX=2'] });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect(kinds(await deliver(['a@x.test', 'b@x.test', 'c@x.test', 'd@x.test', 'e@x.test']))).toEqual(
      Array<string>(5).fill('delivered 2.0.0'),
    );
    expect(server.messages.map(({ connection }) => connection)).toEqual([1, 1, 2, 2, 3]);
  });

  test('an address that would be a command of its own is never sent', async () => {
    const server = await mx();
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect(kinds(await deliver(['a@x.test>\r\nRSET', 'b@x.test']))).toEqual(['failed 5.1.3', 'delivered 2.0.0']);
    expect(server.transcript).not.toContain('1: RSET');
    expect(kinds(await deliver(['a@x.test'], { sender: 'x\r\nQUIT' }))).toEqual(['failed 5.1.7']);
  });
});

describe('what the server cannot take is refused before it is sent', () => {
  test('too big (RFC 1870)', async () => {
    const server = await mx({ extensions: ['SIZE 10'] });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect(kinds(await deliver(['a@x.test']))).toEqual(['failed 5.3.4']);
    expect(server.transcript).toEqual(['1: EHLO own.test']);
  });

  test('needs SMTPUTF8 (RFC 6531)', async () => {
    const server = await mx();
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect(kinds(await deliver(['ü@x.test'], { smtpUtf8: true }))).toEqual(['failed 5.6.7']);
  });
});

describe('another mail host is tried', () => {
  test.each([
    ['421 in the greeting', (line: string) => (line === '(greeting)' ? '421 busy' : undefined)],
    ['554 in the greeting', (line: string) => (line === '(greeting)' ? '554 no' : undefined)],
    ['EHLO refused for now', (line: string) => (line.startsWith('EHLO') ? '450 not now' : undefined)],
    ['a cut in the envelope', (line: string) => (line.startsWith('RCPT') ? 'cut' : undefined)],
    ['421 to MAIL', (line: string) => (line.startsWith('MAIL') ? '421 bye' : undefined)],
    ['a cut after DATA', (line: string) => (line === 'DATA' ? 'cut' : undefined)],
    ['garbage', (line: string) => (line === '(greeting)' ? 'HTTP/1.1 400 Bad Request' : undefined)],
    ['a reply to nothing', (line: string) => (line === '(greeting)' ? '220 a\r\n250 b\r\n250 c' : undefined)],
    ['a greeting without end', (line: string) => (line === '(greeting)' ? '220-x\r\n'.repeat(1000) : undefined)],
    ['a line without end', (line: string) => (line === '(greeting)' ? `220 ${'x'.repeat(100_000)}` : undefined)],
  ])('%s', async (_, reply) => {
    const [first, second, { deliver }] = await pair({ reply });
    const [outcome] = await deliver(['a@x.test']);
    expect(outcome).toMatchObject({ kind: 'delivered', remoteHost: 'mx2.test' });
    expect([first.messages.length, second.messages.length]).toEqual([0, 1]);
  });

  test('nobody listens at the first', async () => {
    const server = await mx({ address: '127.0.0.2' });
    const { deliver } = setup(server.port, { 'mx1.test': '127.0.0.1', 'mx2.test': '127.0.0.2' });
    expect((await deliver(['a@x.test']))[0]).toMatchObject({ kind: 'delivered', remoteHost: 'mx2.test' });
  });

  test('a 4xx to a recipient is an answer: the second host is left alone', async () => {
    const [, second, { deliver }] = await pair({
      reply: (line) => (line.startsWith('RCPT') ? '450 greylisted' : undefined),
    });
    expect(kinds(await deliver(['a@x.test']))).toEqual(['deferred 4.0.0']);
    expect(second.connections).toBe(0);
  });

  test('all fail: deferred with the last reason, and marked unreachable', async () => {
    const [, , { deliver }] = await pair(
      { reply: (line) => (line === '(greeting)' ? '554 5.7.1 no' : undefined) },
      { reply: (line) => (line === '(greeting)' ? '421 4.3.2 busy' : undefined) },
    );
    expect((await deliver(['a@x.test']))[0]).toMatchObject({
      kind: 'deferred',
      status: '4.3.2',
      reply: '421 4.3.2 busy',
      remoteHost: 'mx2.test',
      unreachable: true,
    });
  });

  test('the last refuses all mail: failed', async () => {
    const [, , { deliver }] = await pair(
      { reply: (line) => (line === '(greeting)' ? '421 busy' : undefined) },
      { reply: (line) => (line === '(greeting)' ? '554 no mail here' : undefined) },
    );
    expect((await deliver(['a@x.test']))[0]).toMatchObject({
      kind: 'failed',
      status: '5.3.2',
      reply: '554 no mail here',
    });
  });
});

describe('after the final dot there is no second server', () => {
  test('a cut is a deferral, for the message may have been taken', async () => {
    const [first, second, { deliver }] = await pair({ reply: (line) => (line === '(message)' ? 'cut' : undefined) });
    expect(kinds(await deliver(['a@x.test']))).toEqual(['deferred 4.4.2']);
    await first.saw('(message)');
    expect(second.connections).toBe(0);
  });

  test('so is silence, once the deadline has passed', async () => {
    const [first, second, { deliver, clock }] = await pair({
      reply: (line) => (line === '(message)' ? 'hang' : undefined),
    });
    const outcomes = deliver(['a@x.test']);
    await first.saw('(message)');
    clock.advance(PHASE_TIMEOUTS.dataEndMs);
    expect(kinds(await outcomes)).toEqual(['deferred 4.4.2']);
    expect(second.connections).toBe(0);
  });
});

describe('patience has an end', () => {
  test.each([
    ['EHLO', PHASE_TIMEOUTS.ehloMs],
    ['MAIL', PHASE_TIMEOUTS.mailMs],
    ['DATA', PHASE_TIMEOUTS.dataMs],
  ])('no reply to %s', async (command, timeoutMs) => {
    const [first, , { deliver, clock }] = await pair({
      reply: (line) => (line.startsWith(command) ? 'hang' : undefined),
    });
    const outcomes = deliver(['a@x.test']);
    await first.saw(command);
    clock.advance(timeoutMs);
    expect((await outcomes)[0]).toMatchObject({ kind: 'delivered', remoteHost: 'mx2.test' });
  });

  test('a reply that drips has one deadline, however lively it is', async () => {
    const [first, , { deliver, clock }] = await pair({
      reply: (line) => (line.startsWith('EHLO') ? '250-mx1' : undefined),
    });
    const outcomes = deliver(['a@x.test']);
    await first.saw('EHLO');
    for (let drips = 0; drips < 10; drips += 1) {
      first.say('250-still there');
      clock.advance(PHASE_TIMEOUTS.ehloMs / 10);
    }
    expect((await outcomes)[0]).toMatchObject({ kind: 'delivered', remoteHost: 'mx2.test' });
  });
});

describe('stopping', () => {
  test('cuts what the server has not been given whole, and defers it', async () => {
    const [first, second, { deliver, stop }] = await pair({
      reply: (line) => (line.startsWith('MAIL') ? 'hang' : undefined),
    });
    const outcomes = deliver(['a@x.test']);
    await first.saw('MAIL');
    stop.abort();
    expect(kinds(await outcomes)).toEqual(['deferred 4.3.2']);
    expect(second.connections).toBe(0);
  });

  test.each([['DATA'], ['CHUNKING']])('waits for the reply to a message that is out (%s)', async (extension) => {
    const server = await mx({
      extensions: ['LIMITS RCPTMAX=1', extension],
      reply: (line) => (line === '(message)' ? 'hang' : undefined),
    });
    const { deliver, stop } = setup(server.port, { 'mx.test': '127.0.0.1' });
    const outcomes = deliver(['a@x.test', 'b@x.test']);
    await server.saw('(message)');
    stop.abort();
    server.say('250 2.0.0 taken');
    // The next recipient is another message, which is not begun.
    expect(kinds(await outcomes)).toEqual(['delivered 2.0.0', 'deferred 4.3.2']);
    await server.saw('QUIT');
    expect(server.transcript.filter((line) => line.includes('MAIL'))).toHaveLength(1);
  });

  test('until there is no more time', async () => {
    const server = await mx({ reply: (line) => (line === '(message)' ? 'hang' : undefined) });
    const { deliver, stop, cut } = setup(server.port, { 'mx.test': '127.0.0.1' });
    const outcomes = deliver(['a@x.test']);
    await server.saw('(message)');
    stop.abort();
    cut.abort();
    expect(kinds(await outcomes)).toEqual(['deferred 4.4.2']);
  });
});

test('a server that answers in the middle of the message is believed when it says no', async () => {
  const server = await mx();
  const { deliver, pool } = setup(server.port, { 'mx.test': '127.0.0.1' });
  const openBody = async function* () {
    await server.saw('DATA');
    server.say('552 5.3.4 that is enough');
    // Ends when the client has had enough of it as well.
    for (;;) yield await new Promise<Buffer>((resolve) => setImmediate(resolve, Buffer.from('x\r\n')));
  };
  const [outcome] = await deliver(['a@x.test'], { openBody });
  expect(outcome).toMatchObject({ kind: 'failed', status: '5.3.4' });
  expect([server.messages.length, pool.idleCount]).toEqual([0, 0]);
});

describe('a fault of ours', () => {
  test('in a later transaction: who has been served stays served, the others are deferred', async () => {
    const server = await mx({ extensions: ['PIPELINING', 'LIMITS RCPTMAX=2'] });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    let opened = 0;
    const openBody = async function* () {
      opened += 1;
      yield Buffer.from(BODY.slice(0, 10));
      if (opened === 2) throw new Error('Connection terminated unexpectedly');
      yield Buffer.from(BODY.slice(10));
    };
    const outcomes = await deliver(['a@x.test', 'b@x.test', 'c@x.test'], { openBody });
    expect(kinds(outcomes)).toEqual(['delivered 2.0.0', 'delivered 2.0.0', 'deferred 4.3.0']);
    expect(outcomes[2]).toMatchObject({ spoken: false, unreachable: false });
    expect(server.messages.map(({ rcpts }) => rcpts.length)).toEqual([2]);
  });

  test('a message that is shorter than it should be is not sent to its end', async () => {
    const server = await mx();
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect(kinds(await deliver(['a@x.test'], { sizeBytes: BODY.length + 1 }))).toEqual(['deferred 4.3.0']);
    expect(server.messages).toHaveLength(0);
  });
});

describe('TLS', () => {
  test('is used where offered, and what was said in clear is asked again', async () => {
    const server = await mx({ tls });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    const [outcome] = await deliver(['a@x.test']);
    expect(outcome?.tls).toMatch(/^TLSv1\.[23] \S+ unverified$/);
    expect(server.messages[0]?.tls).toBe(true);
    expect(server.transcript.slice(0, 3)).toEqual(['1: EHLO own.test', '1: STARTTLS', '1: EHLO own.test']);
  });

  test('broken: in clear over a new connection', async () => {
    const server = await mx({ tls: 'broken' });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect((await deliver(['a@x.test']))[0]).toMatchObject({ kind: 'delivered', tls: null });
    expect(server.messages[0]).toMatchObject({ tls: false, connection: 2 });
  });

  test('broken or not offered, and required: not sent', async () => {
    for (const options of [{ tls: 'broken' }, {}] as const) {
      const server = await mx(options);
      const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' }, { tls: () => 'require' });
      expect(kinds(await deliver(['a@x.test']))).toEqual(['deferred 4.7.5']);
      expect(server.messages).toHaveLength(0);
    }
  });

  test('STARTTLS refused for now: in clear over the same connection', async () => {
    const server = await mx({ tls, reply: (line) => (line === 'STARTTLS' ? '454 4.7.0 no' : undefined) });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect((await deliver(['a@x.test']))[0]).toMatchObject({ kind: 'delivered', tls: null });
    expect(server.connections).toBe(1);
  });

  test('bytes put behind the 220 to STARTTLS are not taken as said under TLS', async () => {
    const server = await mx({
      tls,
      reply: (line) => (line === 'STARTTLS' ? '220 go\r\n250-evil\r\n250 SIZE 1' : undefined),
    });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    expect((await deliver(['a@x.test']))[0]).toMatchObject({ kind: 'delivered', tls: null });
    expect(server.messages).toMatchObject([{ tls: false, connection: 2, bytes: Buffer.from(BODY) }]);
  });
});

describe('connections are used again', () => {
  test('for as many messages as the pool allows', async () => {
    const server = await mx();
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    for (let count = 0; count < 4; count += 1) await deliver(['a@x.test']);
    expect(server.messages.map(({ connection }) => connection)).toEqual([1, 1, 1, 2]);
    expect(server.transcript).toContain('1: QUIT');
  });

  test('not after their idle time', async () => {
    const server = await mx();
    const { deliver, clock, pool } = setup(server.port, { 'mx.test': '127.0.0.1' });
    await deliver(['a@x.test']);
    expect(pool.idleCount).toBe(1);
    clock.advance(10_000);
    expect(pool.idleCount).toBe(0);
    await server.saw('QUIT');
    await deliver(['a@x.test']);
    expect(server.messages.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test('one that the server has closed is replaced at once, not a failed attempt', async () => {
    let mails = 0;
    const server = await mx({
      reply: (line) => {
        if (!line.startsWith('MAIL')) return undefined;
        mails += 1;
        return mails === 2 ? '421 idle too long' : undefined;
      },
    });
    const { deliver } = setup(server.port, { 'mx.test': '127.0.0.1' });
    await deliver(['a@x.test']);
    expect(kinds(await deliver(['b@x.test']))).toEqual(['delivered 2.0.0']);
    expect(server.messages.map(({ connection }) => connection)).toEqual([1, 2]);
  });
});
