import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startDnsServer, type TestDnsServer } from '#engine/testing/dns-server.ts';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { findMailRoute, type RouteOptions } from './mail-route.ts';
import { createResolver } from './resolver.ts';
import type { DnsResolver } from './types.ts';

let dns: TestDnsServer;
let resolver: DnsResolver;
const clock = new ManualClock();

beforeAll(async () => {
  dns = await startDnsServer();
});
afterAll(() => dns.close());
afterEach(() => resolver.close());

function route(domain: string, options: Partial<RouteOptions> = {}) {
  resolver = createResolver({ servers: [dns.server], clock, timeoutMs: 200, tries: 1 });
  return findMailRoute(domain, {
    resolver,
    ownHostname: 'mail.own.test',
    isOwnAddress: () => false,
    allowPrivateDestinations: false,
    random: () => 0.5,
    ...options,
  });
}

/** Hosts as `preference name addresses`. */
async function hosts(domain: string, options?: Partial<RouteOptions>): Promise<string[]> {
  const found = await route(domain, options);
  if (found.kind !== 'hosts') throw new Error(`${found.status} ${found.reason}`);
  return found.hosts.map(({ preference, name, addresses }) => `${preference} ${name} ${addresses.join(',')}`);
}

describe('mail route (RFC 5321 §5.1)', () => {
  test('hosts come by preference, families taking turns', async () => {
    dns.zone['two.test'] = {
      MX: [
        [20, 'Backup.two.test'],
        [10, 'mx.two.test'],
      ],
    };
    dns.zone['mx.two.test'] = { A: ['8.8.4.1', '8.8.4.2'], AAAA: ['2a00::1'] };
    dns.zone['backup.two.test'] = { A: ['8.8.4.9'] };
    const [first = '', second] = await hosts('two.test');
    expect(first).toMatch(/^10 mx\.two\.test 2a00::1,8\.8\.4\.[12],8\.8\.4\.[12]$/);
    expect(second).toBe('20 backup.two.test 8.8.4.9');
  });

  test('equal preferences are shuffled by the random source', async () => {
    dns.zone['equal.test'] = {
      MX: [
        [5, 'a.equal.test'],
        [5, 'b.equal.test'],
        [5, 'c.equal.test'],
      ],
    };
    for (const name of ['a', 'b', 'c']) dns.zone[`${name}.equal.test`] = { A: ['8.8.8.8'] };
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1) {
      let state = seed;
      const random = () => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return state / 2147483648;
      };
      orders.add((await hosts('equal.test', { random })).map((host) => host[2]).join(''));
    }
    expect(orders.size).toBeGreaterThan(3);
  });

  test('no MX means the domain itself', async () => {
    dns.zone['implicit.test'] = { A: ['8.8.4.4'] };
    expect(await hosts('Implicit.TEST.')).toEqual(['0 implicit.test 8.8.4.4']);
  });

  test('a CNAME is followed, for the domain and for the host', async () => {
    dns.zone['alias.test'] = { CNAME: 'real.test' };
    dns.zone['real.test'] = { MX: [[1, 'mx.alias.test']] };
    dns.zone['mx.alias.test'] = { CNAME: 'host.real.test' };
    dns.zone['host.real.test'] = { A: ['8.8.4.7'] };
    expect(await hosts('alias.test')).toEqual(['1 mx.alias.test 8.8.4.7']);
  });

  test('address literals go straight there', async () => {
    expect(await hosts('[8.8.8.8]')).toEqual(['0 [8.8.8.8] 8.8.8.8']);
    expect(await hosts('[IPv6:2a00::25]')).toEqual(['0 [IPv6:2a00::25] 2a00::25']);
  });

  test('a host without addresses is passed over', async () => {
    dns.zone['half.test'] = {
      MX: [
        [1, 'gone.half.test'],
        [2, 'there.half.test'],
      ],
    };
    dns.zone['there.half.test'] = { A: ['8.8.4.4'] };
    expect(await hosts('half.test')).toEqual(['2 there.half.test 8.8.4.4']);
  });
});

describe('refusals for good', () => {
  test.each([
    ['a domain that does not exist', 'nowhere.test', {}, '5.1.2'],
    ['a null MX (RFC 7505)', 'null.test', { 'null.test': { MX: [[0, '.'] as const], A: ['8.8.8.8'] } }, '5.1.10'],
    ['MX hosts without addresses', 'empty.test', { 'empty.test': { MX: [[1, 'no.empty.test'] as const] } }, '5.4.4'],
    [
      'an MX that is no host name',
      'odd.test',
      { 'odd.test': { MX: [[1, 'm x\n.odd.test'] as const], A: ['8.8.8.8'] } },
      '5.4.4',
    ],
    ['no MX and no address', 'txt.test', { 'txt.test': {} }, '5.4.4'],
    ['nonsense for a domain', 'a b', {}, '5.1.2'],
    ['a malformed literal', '[1.2.3]', {}, '5.1.2'],
  ])('%s', async (_, domain, zone, status) => {
    Object.assign(dns.zone, zone);
    expect(await route(domain)).toMatchObject({ kind: 'refused', status });
  });

  test.each(['127.0.0.1', '0.0.0.0', '10.1.2.3', '192.168.0.1', '169.254.169.254', '224.0.0.1'])(
    'an MX at %s, unless private destinations are allowed',
    async (address) => {
      const domain = `p${address.replaceAll('.', '-')}.test`;
      dns.zone[domain] = { A: [address] };
      expect(await route(domain)).toMatchObject({ kind: 'refused', status: '5.4.4' });
      expect(await hosts(domain, { allowPrivateDestinations: true })).toHaveLength(1);
    },
  );

  test.each(['::1', '::', '::ffff:127.0.0.1', 'fe80::1', 'fd00::1', '64:ff9b:1::1'])(
    'a literal of %s',
    async (address) => {
      expect(await route(`[IPv6:${address}]`)).toMatchObject({ kind: 'refused', status: '5.4.4' });
    },
  );
});

describe('ourselves', () => {
  test('as the best MX: mail would loop', async () => {
    dns.zone['loop.test'] = {
      MX: [
        [10, 'mail.own.test'],
        [20, 'other.loop.test'],
      ],
    };
    dns.zone['mail.own.test'] = { A: ['8.8.1.1'] };
    dns.zone['other.loop.test'] = { A: ['8.8.1.2'] };
    expect(await route('loop.test')).toMatchObject({ kind: 'refused', status: '5.4.6' });
  });

  test('by address as the second: only better ones are tried', async () => {
    dns.zone['second.test'] = {
      MX: [
        [10, 'a.second.test'],
        [20, 'b.second.test'],
        [20, 'c.second.test'],
        [30, 'd.second.test'],
      ],
    };
    for (const [name, address] of [
      ['a', '8.8.2.1'],
      ['b', '8.8.2.2'],
      ['c', '8.8.2.3'],
      ['d', '8.8.2.4'],
    ]) {
      dns.zone[`${name}.second.test`] = { A: [address!] };
    }
    expect(await hosts('second.test', { isOwnAddress: (address) => address === '8.8.2.3' })).toEqual([
      '10 a.second.test 8.8.2.1',
    ]);
  });
});

describe('trouble worth a retry', () => {
  test.each(['SERVFAIL', 'REFUSED', 'silence'] as const)('%s for the MX', async (fault) => {
    dns.zone[`${fault.toLowerCase()}.test`] = fault;
    expect(await route(`${fault.toLowerCase()}.test`)).toMatchObject({ kind: 'unavailable', status: '4.4.3' });
  });

  test('SERVFAIL for the only host', async () => {
    dns.zone['brokenhost.test'] = { MX: [[1, 'mx.brokenhost.test']] };
    dns.zone['mx.brokenhost.test'] = 'SERVFAIL';
    expect(await route('brokenhost.test')).toMatchObject({ kind: 'unavailable', status: '4.4.3' });
  });
});

test('answers are remembered for their time, failures are not', async () => {
  dns.zone['kept.test'] = { MX: [[1, 'mx.kept.test']] };
  dns.zone['mx.kept.test'] = { A: ['8.8.8.8'], AAAA: ['2a00::1'], ttlSeconds: 120 };
  dns.zone['flaky.test'] = 'SERVFAIL';
  resolver = createResolver({ servers: [dns.server], clock, timeoutMs: 200, tries: 1 });
  const count = (question: string) => dns.questions.filter((asked) => asked === question).length;
  const all = () =>
    Promise.all([
      resolver.resolveMx('kept.test'),
      resolver.resolveMx('KEPT.test'),
      resolver.resolveAddresses('mx.kept.test', 4),
      resolver.resolveMx('flaky.test'),
    ]);
  await all();
  await all();
  expect([count('MX kept.test'), count('A mx.kept.test')]).toEqual([1, 1]);
  const flaky = count('MX flaky.test');
  clock.advance(121_000);
  await all();
  expect([count('MX kept.test'), count('A mx.kept.test')]).toEqual([1, 2]);
  expect(count('MX flaky.test')).toBeGreaterThan(flaky);
  clock.advance(300_000);
  await all();
  expect(count('MX kept.test')).toBe(2);
});
