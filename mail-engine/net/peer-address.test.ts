import { expect, test } from 'vitest';
import { limitKey, networkKey, normalizeAddress } from './peer-address.ts';

test.each([
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['2001:DB8::1', '2001:db8::1'],
])('%s is %s', (given, expected) => expect(normalizeAddress(given)).toBe(expected));

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::5:6', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s is limited as %s', (given, expected) => expect(limitKey(given)).toBe(expected));

test.each([
  ['192.0.2.1', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:db8::5:6', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
])('%s is in the network %s', (given, expected) => expect(networkKey(given)).toBe(expected));
