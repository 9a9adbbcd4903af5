import { expect, test } from 'vitest';
import { ConnectionLimits } from './connection-limits.ts';

test('an address, or the /64 it is in, gets so many and no more; others still get in', () => {
  const limits = new ConnectionLimits({ maxConnections: 5, maxConnectionsPerAddress: 2 });
  expect(limits.take('2001:db8:1:2::1')).toBe('taken');
  expect(limits.take('2001:db8:1:2:ffff::2')).toBe('taken');
  expect(limits.take('2001:db8:1:2::3')).toBe('address-full');
  expect(limits.take('192.0.2.1')).toBe('taken');
  limits.release('2001:db8:1:2::1');
  expect(limits.take('2001:db8:1:2::3')).toBe('taken');
  expect(limits.open).toBe(3);
});

test('loopback is held by the service limit alone', () => {
  const limits = new ConnectionLimits({ maxConnections: 3, maxConnectionsPerAddress: 1 });
  for (const address of ['127.0.0.1', '127.0.0.1', '::1']) expect(limits.take(address)).toBe('taken');
  expect(limits.take('127.0.0.1')).toBe('service-full');
});

test('a limit changed while connections are open holds from the next one', () => {
  const options = { maxConnections: 1, maxConnectionsPerAddress: 10 };
  const limits = new ConnectionLimits(options);
  expect(limits.take('192.0.2.1')).toBe('taken');
  expect(limits.take('192.0.2.2')).toBe('service-full');
  options.maxConnections = 2;
  expect(limits.take('192.0.2.2')).toBe('taken');
});
