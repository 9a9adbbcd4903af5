import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { bucketsOf, isBlocked, recordFailure, recordSuccess } from './throttle.ts';

const ANN = 'ann@throttle.test';
const HOME = '192.0.2.1';

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

  test('stays slowed however often the owner signs in meanwhile', async () => {
    await haveFailedFromAfar(99);
    await fail(HOME);
    await recordSuccess(db, bucketsOf(ANN, HOME));
    expect(await blockedAt(HOME)).toBe(true);
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

test('a right password clears the count at its own network only', async () => {
  for (let index = 0; index < 4; index += 1) {
    await fail(HOME);
    await fail('198.51.100.1');
  }
  await recordSuccess(db, bucketsOf(ANN, HOME));
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
