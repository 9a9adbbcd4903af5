/**
 * Counts failed sign-ins in `login_failure` and blocks a bucket for a time that doubles with every further failure. Who guesses
 * from one network blocks that network's way to the account and no other, so that nobody can keep an owner out from afar; all
 * networks together have a much larger allowance and shorter blocks, against guessing from many places. Names are counted
 * whether or not they exist, so that a block tells nothing. A count not added to for `FORGET_MS` starts again; a right
 * password clears its account's count at its own network only.
 */
import { type Database, Prisma } from '../database/prisma.ts';
import { networkOf } from './network.ts';

interface Policy {
  /** Failures that are answered at once. */
  free: number;
  maxBlockSeconds: number;
  /** One failure is forgotten per so many seconds: slower guessing never adds up. */
  secondsPerForgotten: number;
}

const FIRST_BLOCK_SECONDS = 10;
const FORGET_SECONDS = 6 * 3_600;
const FORGET_MS = FORGET_SECONDS * 1_000;
const ACCOUNT_AT_NETWORK: Policy = { free: 5, maxBlockSeconds: 15 * 60, secondsPerForgotten: FORGET_SECONDS };
/** Many people may sit behind one address, so it takes more. */
const NETWORK: Policy = { free: 20, maxBlockSeconds: 60 * 60, secondsPerForgotten: FORGET_SECONDS };
/** A block here may keep the owner out too, so it is rare and short; what one blocked network can add a day drains away. */
const ACCOUNT: Policy = { free: 100, maxBlockSeconds: 60, secondsPerForgotten: 60 };
/** Failures over the free ones that are still told apart: more would only take longer to be forgotten. */
const MAX_OVER = 20;

export interface Buckets {
  accountAtNetwork: string;
  network: string;
  account: string;
}

/** `login` as typed; its spelling is folded so that variants share a count, and what PostgreSQL's text cannot hold is replaced. */
export function bucketsOf(login: string, peer: string): Buckets {
  const folded = login
    .slice(0, 320)
    .toLowerCase()
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\ufffd');
  const network = networkOf(peer);
  return {
    accountAtNetwork: `account-at:${network} ${folded}`,
    network: `net:${network}`,
    account: `account:${folded}`,
  };
}

export async function isBlocked(db: Database, buckets: Buckets, now: Date): Promise<boolean> {
  const { accountAtNetwork, network, account } = buckets;
  const found = await db.loginFailure.findFirst({
    where: { bucket: { in: [accountAtNetwork, network, account] }, blockedUntil: { gt: now } },
    select: { bucket: true },
  });
  return found !== null;
}

async function countFailure(db: Database, bucket: string, policy: Policy, now: Date): Promise<void> {
  const { free, maxBlockSeconds, secondsPerForgotten } = policy;
  const forgotten = new Date(now.getTime() - FORGET_MS);
  const failures = Prisma.sql`
    (CASE WHEN f.last_at < ${forgotten}::timestamptz THEN 1
     ELSE least(${free + MAX_OVER}::int, 1 + greatest(0, f.failures - floor(
       greatest(0, extract(epoch FROM excluded.last_at - f.last_at)) / ${secondsPerForgotten}::int)::int)) END)`;
  await db.$executeRaw`
    INSERT INTO login_failure AS f (bucket, failures, last_at) VALUES (${bucket}, 1, ${now}::timestamptz)
    ON CONFLICT (bucket) DO UPDATE SET
      failures = ${failures},
      last_at = excluded.last_at,
      blocked_until = CASE WHEN ${failures} >= ${free}::int
        THEN excluded.last_at + make_interval(secs =>
          least(${FIRST_BLOCK_SECONDS}::int * power(2, ${failures} - ${free}::int), ${maxBlockSeconds}::int))
      END`;
}

export async function recordFailure(db: Database, buckets: Buckets, now: Date): Promise<void> {
  await countFailure(db, buckets.accountAtNetwork, ACCOUNT_AT_NETWORK, now);
  await countFailure(db, buckets.network, NETWORK, now);
  await countFailure(db, buckets.account, ACCOUNT, now);
}

export async function recordSuccess(db: Database, { accountAtNetwork }: Buckets): Promise<void> {
  await db.loginFailure.deleteMany({ where: { bucket: accountAtNetwork } });
}

/** Drops counts that no longer count. */
export async function pruneLoginFailures(db: Database, now: Date): Promise<number> {
  const forgotten = new Date(now.getTime() - FORGET_MS);
  const { count } = await db.loginFailure.deleteMany({ where: { lastAt: { lt: forgotten } } });
  return count;
}
