import { expect, test } from 'vitest';
import { networkOf } from './network.ts';

test.each([
  ['192.0.2.1', '192.0.2.1/32'],
  ['::ffff:192.0.2.1', '192.0.2.1/32'],
  ['::FFFF:c000:201', '192.0.2.1/32'],
  ['2001:db8:0:1::9', '2001:db8:0:1/64'],
  ['2001:DB8::1:2:3:4:5', '2001:db8:0:1/64'],
  ['2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1/64'],
  ['::1', '0:0:0:0/64'],
  ['1:2:3:4:5:6:7::', '1:2:3:4/64'],
  ['fe80::1%eth0', 'fe80:0:0:0/64'],
  ['not an address', 'unknown'],
  ['', 'unknown'],
])('%s counts as %s', (peer, network) => {
  expect(networkOf(peer)).toBe(network);
});
