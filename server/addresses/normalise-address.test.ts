import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseAddress, normaliseDomain } from './normalise-address.ts';

test.each([
  ['Ann.Lee@Example.ORG', 'ann.lee@example.org'],
  ['"joe"@example.org', 'joe@example.org'],
  ['"a\\"b"@example.org', 'a"b@example.org'],
  ['jürgen@Bücher.example', 'jürgen@xn--bcher-kva.example'],
  ['JU\u0308RGEN@example.org', 'jürgen@example.org'],
  ['a@b@example.org', 'a@b@example.org'],
  ['ann@example.org.', 'ann@example.org'],
  ['root@localhost', 'root@localhost'],
])('%s is kept as %s', (address, kept) => {
  expect(normaliseAddress(address)?.address).toBe(kept);
});

test.each([
  '',
  '@',
  'ann',
  'ann@',
  '@example.org',
  'ann@127.0.0.1',
  'ann@[127.0.0.1]',
  'ann@0x7f.1',
  'ann@-a.example',
  'ann@a..b',
  'ann@a%2eb.example',
  'ann@a b',
  `${'x'.repeat(65)}@example.org`,
  `ann@${'a'.repeat(64)}.example`,
  `ann@${'a.'.repeat(200)}b`,
])('%j is no address here', (address) => {
  expect(normaliseAddress(address)).toBeUndefined();
});

test('whatever comes in, what comes out is stable and cannot be taken apart differently', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.emailAddress()), (text) => {
      const once = normaliseAddress(text);
      if (!once) return;
      expect(normaliseDomain(once.domain)).toBe(once.domain);
      expect(once.domain).toMatch(/^[a-z0-9.-]+$/);
      expect(once.address).toBe(`${once.localPart}@${once.domain}`);
    }),
    { numRuns: 2_000 },
  );
});
