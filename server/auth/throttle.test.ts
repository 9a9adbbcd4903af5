import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { bucketsOf, isBlocked, recordFailure, recordSuccess } from './throttle.ts';

const ANN = 'ann@throttle.test';
const HOME = '192.0.2.1';
const DAY_MS = 86_400_000;

let database: TestDatabase;
let db: PrismaClient;
let clock: ManualClock;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});
beforeEach(async () => {
  await db.loginFailure.deleteMany();
  await db.signInNetwork.deleteMany();
  await db.signInBan.deleteMany();
  await db.allowedNetwork.deleteMany();
  await db.setting.deleteMany();
  clock = createManualClock();
});

const fail = (peer: string, login = ANN) => recordFailure(db, bucketsOf(login, peer), clock.now());
const blockedAt = (peer: string, login = ANN) => isBlocked(db, bucketsOf(login, peer), clock.now());

/** As if so many had come from as many networks by now. */
function haveFailedFromAfar(failures: number, login = ANN) {
  const { account: bucket } = bucketsOf(login, HOME);
  return db.loginFailure.create({ data: { bucket, failures, lastAt: clock.now() } });
}

/** One guess from each of so many networks. */
async function failFromAfar(networks: number, login = ANN): Promise<void> {
  for (let index = 0; index < networks; index += 1) await fail(`2001:db8:0:${index.toString(16)}::1`, login);
}

describe('distributed guessing', () => {
  test('at one account is slowed after a hundred failures, for a minute at most', async () => {
    await failFromAfar(99);
    expect(await blockedAt(HOME)).toBe(false);
    await fail('198.51.100.1');
    expect(await blockedAt(HOME)).toBe(true);
    expect(await blockedAt(HOME, 'ben@throttle.test')).toBe(false);
    clock.advance(9_999);
    expect(await blockedAt(HOME)).toBe(true);
    clock.advance(1);
    expect(await blockedAt(HOME)).toBe(false);
    await failFromAfar(20);
    clock.advance(59_999);
    expect(await blockedAt(HOME)).toBe(true);
    clock.advance(1);
    expect(await blockedAt(HOME)).toBe(false);
  });

  test('is slowed at a name nobody has as well', async () => {
    await haveFailedFromAfar(99, 'nobody@throttle.test');
    await fail('198.51.100.1', 'nobody@throttle.test');
    expect(await blockedAt(HOME, 'nobody@throttle.test')).toBe(true);
  });

  test('does not slow the owner where they have signed in within a month', async () => {
    await recordSuccess(db, bucketsOf(ANN, HOME), clock.now());
    clock.advance(30 * DAY_MS - 1);
    await haveFailedFromAfar(99);
    await fail('198.51.100.1');
    expect([await blockedAt(HOME), await blockedAt('198.51.100.2')]).toEqual([false, true]);
    clock.advance(1);
    expect(await blockedAt(HOME)).toBe(true);
  });

  test('stays slowed for strangers however often the owner signs in meanwhile', async () => {
    await haveFailedFromAfar(99);
    await fail('198.51.100.1');
    await recordSuccess(db, bucketsOf(ANN, HOME), clock.now());
    expect([await blockedAt(HOME), await blockedAt('198.51.100.2')]).toEqual([false, true]);
  });

  test('that stops is forgotten, a failure a minute', async () => {
    await haveFailedFromAfar(99);
    clock.advance(2 * 60_000 - 1);
    await fail(HOME);
    expect(await blockedAt(HOME)).toBe(false);
    await fail(HOME);
    expect(await blockedAt(HOME)).toBe(true);
  });
});

test('one network that guesses for days, as fast as it may, never blocks the others', async () => {
  for (let round = 0; round < 200; round += 1) {
    await fail('198.51.100.1');
    expect(await blockedAt(HOME)).toBe(false);
    clock.advance(15 * 60_000);
  }
});

describe('a network that fails too often', () => {
  const GUESSER = '203.0.113.9';
  /** One guess at each of so many names. */
  async function guessNames(count: number, peer = GUESSER) {
    const bans = [];
    for (let index = 0; index < count; index += 1) {
      bans.push(await recordFailure(db, bucketsOf(`name${index}@throttle.test`, peer, 'imap'), clock.now()));
    }
    return bans;
  }
  const minutesOf = (ban: { until: Date } | null | undefined) =>
    ban ? (ban.until.getTime() - clock.now().getTime()) / 60_000 : null;

  test('is banned, whatever it tries then, and nobody else', async () => {
    const bans = await guessNames(20);
    expect(bans.slice(0, 19)).toEqual(Array.from({ length: 19 }, () => null));
    expect(minutesOf(bans[19])).toBe(10);
    expect(await blockedAt(GUESSER, 'never-tried@throttle.test')).toBe(true);
    expect(await blockedAt('203.0.113.10')).toBe(false);
    expect(await db.signInBan.findFirst()).toMatchObject({
      network: GUESSER,
      automatic: true,
      failures: 20,
      lastLogin: 'name19@throttle.test',
      service: 'imap',
      times: 1,
    });
    clock.advance(10 * 60_000 - 1);
    expect(await blockedAt(GUESSER)).toBe(true);
    clock.advance(1);
    expect(await blockedAt(GUESSER)).toBe(false);
  });

  test('is banned for twice as long each time, up to the longest', async () => {
    const [first] = (await guessNames(20)).slice(-1);
    const minutes = [minutesOf(first)];
    for (let round = 0; round < 9; round += 1) {
      clock.advance(DAY_MS);
      minutes.push(minutesOf((await guessNames(20)).at(-1)));
    }
    expect(minutes).toEqual([10, 20, 40, 80, 160, 320, 640, 1_280, 1_440, 1_440]);
    clock.advance(9 * DAY_MS);
    expect(minutesOf((await guessNames(20)).at(-1))).toBe(10);
  });

  test('that was let go by hand begins anew', async () => {
    await guessNames(20);
    await db.signInBan.updateMany({ data: { liftedAt: clock.now() } });
    expect(await blockedAt(GUESSER)).toBe(false);
    expect(minutesOf((await guessNames(20)).at(-1))).toBe(10);
  });

  test('has all of its tries again after the ban', async () => {
    await guessNames(20);
    clock.advance(10 * 60_000);
    expect((await guessNames(19)).filter((ban) => ban !== null)).toEqual([]);
    expect(minutesOf((await guessNames(1))[0])).toBe(20);
  });

  test('of IPv6 is the /64, with IPv4 in IPv6 counted as IPv4', async () => {
    await guessNames(10, '2001:db8:5:6::1');
    await guessNames(10, '2001:db8:5:6:ffff::2');
    expect(await blockedAt('2001:db8:5:6:1234::9')).toBe(true);
    expect(await blockedAt('2001:db8:5:7::1')).toBe(false);
    await guessNames(20, '::ffff:203.0.113.9');
    expect(await blockedAt(GUESSER)).toBe(true);
  });

  test('is counted by failures at strangers’ names only', async () => {
    await recordSuccess(db, bucketsOf(ANN, GUESSER), clock.now());
    for (let round = 0; round < 60; round += 1) {
      await fail(GUESSER);
      clock.advance(60_000);
    }
    expect(await blockedAt(GUESSER)).toBe(true);
    expect(await blockedAt(GUESSER, 'ben@throttle.test')).toBe(false);
    expect(await db.signInBan.count()).toBe(0);
  });

  test('is never banned where it is loopback or no address, only slowed', async () => {
    for (const peer of ['127.0.0.1', '::1', '', 'unknown']) {
      expect((await guessNames(21, peer)).filter((ban) => ban !== null)).toEqual([]);
      expect([peer, await blockedAt(peer)]).toEqual([peer, true]);
    }
    expect(await db.signInBan.count()).toBe(0);
  });

  test('is never banned where it is a balancer or a host of ours', async () => {
    await db.setting.create({ data: { key: 'connections.proxyNetworks', value: [GUESSER], updatedBy: 'tester' } });
    expect((await guessNames(21)).filter((ban) => ban !== null)).toEqual([]);
    expect([await blockedAt(GUESSER), await db.signInBan.count()]).toEqual([true, 0]);
  });

  test('is left alone where it is allowed', async () => {
    await db.allowedNetwork.create({ data: { network: '203.0.113.0/24', createdBy: 'tester' } });
    await guessNames(30);
    for (let index = 0; index < 30; index += 1) await fail(GUESSER);
    expect([await blockedAt(GUESSER), await db.loginFailure.count(), await db.signInBan.count()]).toEqual([
      false,
      0,
      0,
    ]);
  });

  test('is banned once, however many failures come at the same time', async () => {
    await guessNames(19);
    const bans = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => recordFailure(db, bucketsOf(name, GUESSER), clock.now())),
    );
    expect(bans.filter((ban) => ban !== null)).toHaveLength(1);
    expect(await db.signInBan.findMany()).toMatchObject([{ times: 1 }]);
  });
});

test.each([
  '"Ann"@throttle.test',
  '"\\ann"@throttle.test',
  'ANN@throttle.test.',
  'ann@ｔhrottle.test',
  'ann@thr\u00adottle.test',
])('guesses at %j count as guesses at the account it reaches', async (spelled) => {
  for (let index = 0; index < 5; index += 1) await fail('203.0.113.50', spelled);
  expect(await blockedAt('203.0.113.50')).toBe(true);
  expect(bucketsOf(spelled, HOME)).toEqual(bucketsOf(ANN, HOME));
});

test('a ban by hand holds for all of its network, for as long as it says or for ever', async () => {
  const ban = { reason: 'abuse', automatic: false, since: clock.now() };
  await db.signInBan.create({
    data: { ...ban, network: '198.18.0.0/15', until: new Date(clock.now().getTime() + 1_000) },
  });
  await db.signInBan.create({ data: { ...ban, network: '2001:db8::/32' } });
  expect([await blockedAt('198.19.255.255'), await blockedAt('2001:db8:ffff::1')]).toEqual([true, true]);
  clock.advance(1_000);
  expect([await blockedAt('198.19.255.255'), await blockedAt('2001:db8:ffff::1')]).toEqual([false, true]);
});

test('a right password clears the count at its own network only', async () => {
  for (let index = 0; index < 4; index += 1) {
    await fail(HOME);
    await fail('198.51.100.1');
  }
  await recordSuccess(db, bucketsOf(ANN, HOME), clock.now());
  await fail(HOME);
  await fail('198.51.100.1');
  expect([await blockedAt(HOME), await blockedAt('198.51.100.1')]).toEqual([false, true]);
});

test('no login can be taken for another network or another account', () => {
  const odd = ['a', '192.0.2.1/32 a', 'account:a', ' a'];
  const buckets = odd.flatMap((login) => [HOME, '198.51.100.1', ''].map((peer) => bucketsOf(login, peer)));
  const pairs = new Set(buckets.map(({ accountAtNetwork }) => accountAtNetwork));
  expect(pairs.size).toBe(buckets.length);
});
