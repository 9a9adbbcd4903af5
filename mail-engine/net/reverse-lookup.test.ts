import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createResolver } from '#engine/dns/resolver.ts';
import type { DnsResolver } from '#engine/dns/types.ts';
import { systemClock } from '#engine/queue/clock.ts';
import { startDnsServer, type TestDnsServer } from '#engine/testing/dns-server.ts';
import { createReverseLookup, type ReverseLookup } from './reverse-lookup.ts';

let dns: TestDnsServer;
let resolver: DnsResolver;
let lookUp: ReverseLookup;
const LABEL = 'x'.repeat(63);

beforeAll(async () => {
  dns = await startDnsServer();
  resolver = createResolver({ servers: [dns.server], clock: systemClock, timeoutMs: 500, tries: 1, cacheEntries: 1 });
  lookUp = createReverseLookup({ resolver, timeoutMs: 20_000 });
});
afterEach(() => {
  dns.zone = {};
});
afterAll(async () => {
  resolver.close();
  await dns.close();
});

const IPV4 = '7.2.0.192.in-addr.arpa';
const IPV6 = `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`;

test('the first name the DNS gives, in lower case', async () => {
  dns.zone[IPV4] = { PTR: ['Mail.Example.COM', 'other.example.com'], ttlSeconds: 0 };
  expect(await lookUp('192.0.2.7', 'name')).toBe('mail.example.com');
  dns.zone[IPV6] = { PTR: ['six.example.com'] };
  expect(await lookUp('2001:db8::1', 'name')).toBe('six.example.com');
});

test('no name, and a server in trouble, is no name', async () => {
  expect(await lookUp('192.0.2.8', 'name')).toBeNull();
  dns.zone['9.2.0.192.in-addr.arpa'] = 'SERVFAIL';
  expect(await lookUp('192.0.2.9', 'name')).toBeNull();
});

test.each([
  'a b.example',
  'x\r\nReceived: forged',
  'a..b',
  '-',
  `${LABEL}.${LABEL}.${LABEL}.${LABEL}x`,
  '(comment)',
  '',
])('what is no host name is no name: %j', async (name) => {
  const pointers = createReverseLookup({
    resolver: {
      resolvePointer: async () => ({ kind: 'records', records: [name] }),
      resolveAddresses: async () => ({ kind: 'nodata' }),
    },
  });
  expect(await pointers('192.0.2.7', 'name')).toBeNull();
});

test('confirmed: a name counts where it leads back to the address, and only there', async () => {
  dns.zone['10.2.0.192.in-addr.arpa'] = { PTR: ['bank.example', 'real.example'] };
  dns.zone['bank.example'] = { A: ['198.51.100.1'] };
  dns.zone['real.example'] = { A: ['198.51.100.2', '192.0.2.10'] };
  expect(await lookUp('192.0.2.10', 'confirmed')).toBe('real.example');
  dns.zone['11.2.0.192.in-addr.arpa'] = { PTR: ['bank.example'] };
  expect(await lookUp('192.0.2.11', 'confirmed')).toBeNull();
  expect(await lookUp('192.0.2.11', 'name')).toBe('bank.example');
});

test('a server that says nothing costs the name after the time limit, and only so many may wait for it', async () => {
  const silent = {
    resolvePointer: () => new Promise<never>(() => undefined),
    resolveAddresses: resolver.resolveAddresses,
  };
  const impatient = createReverseLookup({ resolver: silent, timeoutMs: 1, maxConcurrent: 1 });
  expect(await impatient('192.0.2.12', 'name')).toBeNull();
  const patient = createReverseLookup({ resolver: silent, timeoutMs: 2 ** 30, maxConcurrent: 1 });
  void patient('192.0.2.12', 'name');
  expect(await patient('192.0.2.13', 'name')).toBeNull();
});
