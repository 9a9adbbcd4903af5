import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { logger } from '#server/logger.ts';
import type { Place } from './places.ts';
import { type GateLimits, type RefusalReason, ServiceGate } from './service-gate.ts';

let time = 0;
beforeEach(() => {
  time = 1_000_000;
});
afterEach(() => {
  vi.useRealTimers();
});

function gateOf(limits: Partial<GateLimits>): ServiceGate {
  const all = { maxConnections: 100, maxPerAddress: 100, ...limits };
  return new ServiceGate({ service: 'smtp', limits: all, now: () => time });
}

function enter(gate: ServiceGate, address: string): Place {
  const place = gate.enter(address);
  if (typeof place === 'string') throw new Error(`refused: ${place}`);
  return place;
}

const outcome = (entered: Place | RefusalReason) => {
  return typeof entered === 'string' ? entered : entered.admitted ? 'admitted' : 'waits';
};

describe('places', () => {
  test('an address, or the /64 it is in, gets so many and no more; others still get in', () => {
    const gate = gateOf({ maxPerAddress: 2 });
    const first = enter(gate, '2001:db8:1:2::1');
    enter(gate, '2001:db8:1:2:ffff::2');
    expect(gate.enter('2001:db8:1:2::3')).toBe('address-full');
    expect(outcome(gate.enter('192.0.2.1'))).toBe('admitted');
    gate.leave(first);
    gate.leave(first);
    expect(outcome(gate.enter('2001:db8:1:2::3'))).toBe('admitted');
    expect(gate.enter('2001:db8:1:2::4')).toBe('address-full');
    expect(gate.snapshot.open).toBe(3);
  });

  test('a network gets so many and no more', () => {
    const gate = gateOf({ maxPerNetwork: 2 });
    for (const address of ['192.0.2.1', '192.0.2.2', '198.51.100.1']) enter(gate, address);
    expect(gate.enter('192.0.2.3')).toBe('network-full');
    for (const address of ['2001:db8:1:1::', '2001:db8:1:2::']) enter(gate, address);
    expect(gate.enter('2001:db8:1:3::')).toBe('network-full');
    expect(outcome(gate.enter('2001:db8:2::'))).toBe('admitted');
  });

  test('0 is no limit for a network', () => {
    const gate = gateOf({ maxPerNetwork: 0, ratePerAddress: 0, ratePerNetwork: 0 });
    for (let host = 0; host < 100; host++) enter(gate, `192.0.2.${host}`);
  });

  test('our own machines have as many places as the world has, beside it, and no limits but that', () => {
    const gate = gateOf({
      maxConnections: 2,
      maxPerAddress: 1,
      maxPerNetwork: 1,
      ratePerAddress: 1,
      isOwn: (address) => address === '192.0.2.80',
    });
    enter(gate, '198.51.100.1');
    enter(gate, '203.0.113.1');
    expect(gate.enter('203.0.114.1')).toBe('service-full');
    for (const own of ['127.0.0.1', '192.0.2.80']) enter(gate, own);
    expect(gate.enter('::1')).toBe('service-full');
    expect(gate.snapshot).toMatchObject({ open: 4, own: 2, limit: 2 });
  });

  test('the snapshot names the addresses with most connections', () => {
    const gate = gateOf({});
    for (const [address, count] of Object.entries({ '192.0.2.1': 2, '192.0.2.2': 9, '192.0.2.3': 1, '::1': 3 })) {
      for (let index = 0; index < count; index++) enter(gate, address);
    }
    for (const last of [4, 5, 6, 7]) enter(gate, `192.0.2.${last}`);
    const { top } = gate.snapshot;
    expect(top).toHaveLength(5);
    expect(top.slice(0, 3)).toEqual([
      { address: '192.0.2.2', connections: 9 },
      { address: '0:0:0:0::/64', connections: 3 },
      { address: '192.0.2.1', connections: 2 },
    ]);
  });
});

describe('waiting', () => {
  const full = { maxConnections: 1, whenFull: 'wait', maxWaiting: 2, maxPerAddress: 2 } as const;

  test('first come, first served; who gives up is passed over; one too many is refused', () => {
    const gate = gateOf(full);
    const served = enter(gate, '192.0.2.1');
    const [second, third] = [enter(gate, '192.0.2.2'), enter(gate, '192.0.2.3')];
    const admitted: string[] = [];
    second.onAdmitted = () => admitted.push('second');
    third.onAdmitted = () => admitted.push('third');
    expect([second.admitted, third.admitted]).toEqual([false, false]);
    expect(gate.enter('192.0.2.4')).toBe('service-full');
    gate.leave(second);
    gate.leave(served);
    expect(admitted).toEqual(['third']);
    expect(gate.snapshot).toMatchObject({ open: 1, waiting: 0 });
  });

  test('one address over its own limit is refused at once and does not fill the waiting room', () => {
    const gate = gateOf(full);
    enter(gate, '192.0.2.1');
    expect(outcome(gate.enter('192.0.2.1'))).toBe('waits');
    expect(gate.enter('192.0.2.1')).toBe('address-full');
    expect(outcome(gate.enter('192.0.2.2'))).toBe('waits');
  });

  test('a raised limit lets in who waits', () => {
    const limits = { ...full, maxConnections: 1 };
    const gate = new ServiceGate({ service: 'smtp', limits, now: () => time });
    enter(gate, '192.0.2.1');
    const waiting = [enter(gate, '192.0.2.2'), enter(gate, '192.0.2.3')];
    limits.maxConnections = 2;
    gate.admitWaiting();
    expect(waiting.map((place) => place.admitted)).toEqual([true, false]);
  });

  test('nobody waits longer than for five minutes', () => {
    vi.useFakeTimers();
    const gate = gateOf(full);
    const served = enter(gate, '192.0.2.1');
    const early = enter(gate, '192.0.2.2');
    const expired = vi.fn();
    early.onExpired = expired;
    time += 200_000;
    vi.advanceTimersByTime(200_000);
    const patient = enter(gate, '192.0.2.3');
    time += 100_000;
    vi.advanceTimersByTime(100_000);
    expect(expired).toHaveBeenCalledOnce();
    gate.leave(served);
    expect([early.admitted, patient.admitted]).toEqual([false, true]);
  });
});

describe('rate', () => {
  test('an address gets so many new connections a minute, however short they are', () => {
    const gate = gateOf({ ratePerAddress: 3 });
    for (let index = 0; index < 3; index++) gate.leave(enter(gate, '192.0.2.1'));
    expect(gate.enter('192.0.2.1')).toBe('address-rate');
    gate.leave(enter(gate, '192.0.2.2'));
    time += 120_000;
    gate.leave(enter(gate, '192.0.2.1'));
  });

  test('a minute later half of the last minute still counts', () => {
    const gate = gateOf({ ratePerAddress: 4 });
    for (let index = 0; index < 4; index++) gate.leave(enter(gate, '192.0.2.1'));
    time += 90_000;
    for (let index = 0; index < 2; index++) gate.leave(enter(gate, '192.0.2.1'));
    expect(gate.enter('192.0.2.1')).toBe('address-rate');
  });

  test('a network gets so many too', () => {
    const gate = gateOf({ ratePerNetwork: 2 });
    for (const host of [1, 2]) enter(gate, `192.0.2.${host}`);
    expect(gate.enter('192.0.2.3')).toBe('network-rate');
    enter(gate, '198.51.100.1');
  });
});

describe('status line', () => {
  test('is logged on change, once a second at most, and in the end', () => {
    vi.useFakeTimers();
    const log = logger('test');
    const info = vi.spyOn(log, 'info').mockReturnValue(undefined);
    const gate = new ServiceGate({
      service: 'smtp',
      limits: { maxConnections: 2, maxPerAddress: 9, whenFull: 'wait', maxWaiting: 9 },
      log,
      now: () => time,
    });
    const said = () => info.mock.calls.splice(0).map((call) => call.at(-1));
    const places = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => enter(gate, address));
    expect(said()).toEqual(['status: 1/2']);
    vi.advanceTimersByTime(1_000);
    expect(info).toHaveBeenLastCalledWith({ waiting: 1 }, 'status: 2/2');
    said();
    for (const place of places) gate.leave(place);
    expect(said()).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(said()).toEqual(['status: 0/2']);
    vi.advanceTimersByTime(1_000);
    gate.leave(enter(gate, '192.0.2.9'));
    expect(said()).toEqual(['status: 1/2']);
    vi.advanceTimersByTime(10_000);
    expect(said()).toEqual(['status: 0/2']);
    vi.advanceTimersByTime(60_000);
    expect(said()).toEqual([]);
  });
});
