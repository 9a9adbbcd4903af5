import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNetworkSet, networkInput, parseNetwork } from './network.ts';

test.each(['192.0.2.0/24', '192.0.2.7', '0.0.0.0/0', '2001:db8::/32', '::/0', '::1', '10.1.2.3/8'])(
  '%s is a network',
  (text) => expect(networkInput.parse(` ${text.toUpperCase()} `)).toBe(text),
);

test.each([
  '',
  '/',
  '/8',
  '192.0.2.0/',
  '192.0.2.0/33',
  '::/129',
  '192.0.2.0/08',
  '192.0.2.0/-1',
  '192.0.2/24',
  '10.',
  'example.com',
  'fe80::1%eth0',
  '1.2.3.4/8/8',
  '::/1e1',
])('%j is refused with its own words', (text) => {
  expect(parseNetwork(text)).toBeUndefined();
  expect(networkInput.safeParse(text).error?.issues[0]?.message).toContain(`“${text}”`);
});

test('a set holds the addresses of its networks, however they are spelled', () => {
  const set = createNetworkSet(['192.0.2.0/24', '198.51.100.7', '2001:db8::/32']);
  for (const address of ['192.0.2.255', '::ffff:192.0.2.1', '198.51.100.7', '2001:DB8:ffff::1', '2001:db8:0:0::']) {
    expect([address, set.has(address)]).toEqual([address, true]);
  }
  for (const address of ['192.0.3.0', '198.51.100.8', '2001:db9::', '', 'example', '192.0.2.1/24']) {
    expect([address, set.has(address)]).toEqual([address, false]);
  }
});

test('nothing that is written makes a set fail', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.ipV4Extended(), fc.ipV6())), fc.ipV4(), (entries, address) => {
      expect(typeof createNetworkSet(entries).has(address)).toBe('boolean');
    }),
  );
});
