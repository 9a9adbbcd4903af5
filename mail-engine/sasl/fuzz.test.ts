import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Connection } from '#engine/net/types.ts';
import { logger } from '#server/logger.ts';
import { findMechanism, offeredMechanisms } from './mechanisms.ts';
import { type SaslContext, SaslError, WRONG } from './types.ts';

const BINDING = Buffer.alloc(32, 7);
const connection = {
  log: logger('sasl-fuzz'),
  peer: { address: '192.0.2.1', port: 1 },
  channelBinding: () => BINDING,
} as unknown as Connection;

/** An authenticator that accepts nobody, and counts exchanges that were opened and not closed. */
function createContext(): { context: SaslContext; open: () => number } {
  let open = 0;
  const context: SaslContext = {
    service: 'submission',
    connection,
    hostname: 'mail.test',
    settings: { clearOnLoopback: false, cramMd5: true },
    authenticator: {
      checkPassword: async () => WRONG,
      checkToken: async () => WRONG,
      checkCramMd5: async () => WRONG,
      openScram: async () => {
        open += 1;
        return {
          salt: Buffer.alloc(16),
          iterations: 4096,
          judge: async () => ({ result: WRONG, serverSignature: null }),
          close: async () => {
            open -= 1;
          },
        };
      },
    },
  };
  return { context, open: () => open };
}

const seeds = [
  '\0ann@one.example\0secret',
  'n,,n=ann@one.example,r=abc',
  'p=tls-exporter,,n=ann@one.example,r=abc',
  'y,a=ann,n=ann,r=abc',
  'c=biws,r=abc,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  'ann@one.example b913a602c7eda7a495b4e6e7334d3890',
  'n,a=ann@one.example,\x01auth=Bearer abc\x01\x01',
  'user=ann@one.example\x01auth=Bearer abc\x01\x01',
  '',
];

const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.nat(200), fc.string({ maxLength: 6, unit: 'binary' }), fc.nat(8))
  .map(([seed, at, put, cut]) => Buffer.from(seed.slice(0, at) + put + seed.slice(at + cut)));
const response = fc.oneof(
  mutated,
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

test('whatever a client answers, nobody is let in, nothing else is thrown, and no exchange stays open', async () => {
  const names = offeredMechanisms(createContext().context);
  expect(names).toHaveLength(7);
  const exchanges = fc.record({
    name: fc.constantFrom(...names),
    initial: fc.option(response),
    responses: fc.array(response, { maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(exchanges, async ({ name, initial, responses }) => {
      const { context, open } = createContext();
      const left = [...responses];
      const ask = async () => {
        const next = left.shift();
        if (next === undefined) throw new SaslError('cancelled', 'no more to say');
        return next;
      };
      const result = await findMechanism(name, context)
        ?.authenticate({ ...context, initial, ask })
        .catch((error: unknown) => {
          if (error instanceof SaslError) return WRONG;
          throw error;
        });
      expect(result).toEqual(WRONG);
      expect(open()).toBe(0);
    }),
    { numRuns: 3_000 },
  );
});
