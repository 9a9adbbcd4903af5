import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#engine/queue/clock.ts';
import { type ScriptedMx, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import { logger } from '#server/logger.ts';
import { ConnectionPool } from './connection-pool.ts';
import { createDial } from './dial.ts';
import { RemoteDelivery } from './remote-delivery.ts';
import { PHASE_TIMEOUTS } from './timeouts.ts';

const BODY = Buffer.from('Subject: x\r\n\r\n.\r\n');
/** Short enough for many silent servers in one test; nothing here depends on how long it is. */
const IMPATIENT = Object.fromEntries(
  Object.keys(PHASE_TIMEOUTS).map((phase) => [phase, 40]),
) as unknown as typeof PHASE_TIMEOUTS;

let server: ScriptedMx;
beforeAll(async () => {
  server = await startScriptedMx({ extensions: ['PIPELINING', 'SIZE 1000', 'DSN'] });
});
afterAll(() => server.close());

const reply = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  fc.constantFrom(
    'cut',
    'hang',
    '250 ok',
    '250-ok',
    '354 go',
    '421 bye',
    '450 later',
    '550 no',
    '220 x\r\n220 y',
    '250 a\r\n250 b\r\n250 c',
    '250-a\r\n550 b',
    '\r\n',
    `250 ${'x'.repeat(5000)}`,
    '250-x\r\n'.repeat(200),
  ),
  fc.string({ maxLength: 20 }),
);

test('whatever a server says, every recipient gets one outcome, and "delivered" only what the server took', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(reply, { maxLength: 12 }), fc.boolean(), async (script, chunking) => {
      const pool = new ConnectionPool(systemClock, { idleMs: 1000, maxMessages: 2, maxIdle: 2 });
      const steps = [...script];
      server.options.extensions = ['PIPELINING', 'SIZE 1000', 'DSN', ...(chunking ? ['CHUNKING'] : [])];
      server.options.reply = () => steps.shift();
      const before = server.messages.length;
      const delivery = new RemoteDelivery({
        route: () => ({
          resolver: {
            resolveMx: async () => ({ kind: 'nodata' }),
            resolveAddresses: async (_, family) =>
              family === 4 ? { kind: 'records', records: ['127.0.0.1'] } : { kind: 'nodata' },
            resolveText: async () => ({ kind: 'nodata' }),
            resolvePointer: async () => ({ kind: 'nodata' }),
            close: () => undefined,
          },
          ownHostname: 'own.test',
          isOwnAddress: () => false,
          allowPrivateDestinations: true,
          random: () => 0,
        }),
        dial: createDial(systemClock),
        pool,
        clock: systemClock,
        log: logger('test'),
        hostname: 'own.test',
        port: server.port,
        tls: () => 'opportunistic',
        timeouts: IMPATIENT,
        stop: { stopping: new AbortController().signal, cutting: new AbortController().signal },
      });
      const outcomes = await delivery.deliver(
        'x.test',
        {
          ref: 'message',
          sender: 'a@b',
          sizeBytes: BODY.length,
          eightBit: false,
          smtpUtf8: false,
          requireTls: false,
          envId: null,
          ret: null,
          openBody: async function* () {
            yield BODY;
          },
        },
        ['c@x.test', 'd@x.test'].map((address) => ({ address, notify: null, orcpt: null })),
      );
      pool.close();
      expect(outcomes).toHaveLength(2);
      for (const { kind, status, reply: text } of outcomes) {
        expect(status).toMatch(kind === 'delivered' ? /^2\./ : kind === 'deferred' ? /^4\./ : /^5\./);
        expect(text).not.toMatch(/\p{Cc}/u);
      }
      const taken = server.messages.slice(before).map(({ bytes }) => bytes.toString());
      if (outcomes.some(({ kind }) => kind === 'delivered')) expect(taken).toContain(BODY.toString());
      expect(taken.every((bytes) => bytes === BODY.toString())).toBe(true);
    }),
    { numRuns: 150 },
  );
}, 60_000);
