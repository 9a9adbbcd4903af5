/**
 * Counts failed sign-ins per account name and per network in `login_failure` and blocks a bucket for a time that doubles with
 * every further failure. Names are counted whether or not they exist, so that a block tells nothing. A count not added to for
 * `FORGET_MS` starts again; a right password clears its account's count, never its network's.
 */
import type { Database } from '../database/prisma.ts';
import { networkOf } from './network.ts';

interface Policy {
  /** Failures that are answered at once. */
  free: number;
  maxBlockSeconds: number;
}

const ACCOUNT: Policy = { free: 5, maxBlockSeconds: 15 * 60 };
/** Many people may sit behind one address, so it takes more. */
const NETWORK: Policy = { free: 20, maxBlockSeconds: 60 * 60 };
const FIRST_BLOCK_SECONDS = 10;
const FORGET_MS = 6 * 3_600_000;

export interface Buckets {
  account: string;
  network: string;
}

/** `login` as typed; its spelling is folded so that variants share a count, and what PostgreSQL's text cannot hold is replaced. */
export function bucketsOf(login: string, peer: string): Buckets {
  const folded = login
    .slice(0, 320)
    .toLowerCase()
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\ufffd');
  return { account: `account:${folded}`, network: `net:${networkOf(peer)}` };
}

export async function isBlocked(db: Database, { account, network }: Buckets, now: Date): Promise<boolean> {
  const found = await db.loginFailure.findFirst({
    where: { bucket: { in: [account, network] }, blockedUntil: { gt: now } },
    select: { bucket: true },
  });
  return found !== null;
}

async function countFailure(db: Database, bucket: string, policy: Policy, now: Date): Promise<void> {
  const forgotten = new Date(now.getTime() - FORGET_MS);
  await db.$executeRaw`
    INSERT INTO login_failure AS f (bucket, failures, last_at) VALUES (${bucket}, 1, ${now}::timestamptz)
    ON CONFLICT (bucket) DO UPDATE SET
      failures = CASE WHEN f.last_at < ${forgotten}::timestamptz THEN 1 ELSE least(f.failures + 1, 1000) END,
      last_at = excluded.last_at,
      blocked_until = CASE WHEN f.last_at >= ${forgotten}::timestamptz AND f.failures + 1 >= ${policy.free}::int
        THEN excluded.last_at + make_interval(secs =>
          least(${FIRST_BLOCK_SECONDS}::int * power(2, least(f.failures + 1 - ${policy.free}::int, 20)), ${policy.maxBlockSeconds}::int))
      END`;
}

export async function recordFailure(db: Database, { account, network }: Buckets, now: Date): Promise<void> {
  await countFailure(db, account, ACCOUNT, now);
  await countFailure(db, network, NETWORK, now);
}

export async function recordSuccess(db: Database, { account }: Buckets): Promise<void> {
  await db.loginFailure.deleteMany({ where: { bucket: account } });
}

/** Drops counts that no longer count. */
export async function pruneLoginFailures(db: Database, now: Date): Promise<number> {
  const forgotten = new Date(now.getTime() - FORGET_MS);
  const { count } = await db.loginFailure.deleteMany({ where: { lastAt: { lt: forgotten } } });
  return count;
}
