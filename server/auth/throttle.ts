/**
 * Slows and stops guessing. Failed sign-ins are counted in `login_failure`, and a count too high blocks for a time that doubles with
 * every further failure:
 *
 * - a login at one network: nobody can keep an owner out from afar;
 * - a network: it is banned altogether (`ban.ts`), and its count starts again with the ban;
 * - a login from everywhere, against guessing from many places: a large allowance and short blocks, which do not hold for
 *   networks from which that login has signed in before.
 *
 * Names are counted whether or not they exist, so that a block tells nothing. A count not added to for `FORGET_MS` starts again; a
 * right password clears its login's count at its own network only. Allowed networks are neither counted nor blocked.
 */
import { normaliseAddress } from '../addresses/normalise-address.ts';
import { type Database, Prisma } from '../database/prisma.ts';
import { createNetworkSet } from '../input/network.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import { type Ban, banNetwork } from './ban.ts';
import { isKnownNetwork, knownSince, noteNetwork } from './known-networks.ts';
import { addressOf, bannableNetwork, networkOf } from './network.ts';
import { cleanLogin } from './sign-in-log.ts';

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
/** Blocks only where there can be no ban: what is no address, and loopback, balancers and our own hosts, which may stand for everybody. */
const NETWORK: Policy = { free: 20, maxBlockSeconds: 60 * 60, secondsPerForgotten: FORGET_SECONDS };
/** A block here may keep the owner out too, so it is rare and short; what one banned network can add a day drains away. */
const ACCOUNT: Policy = { free: 100, maxBlockSeconds: 60, secondsPerForgotten: 60 };
/** Failures over the free ones that are still told apart: more would only take longer to be forgotten. */
const MAX_OVER = 20;

export interface Buckets {
  accountAtNetwork: string;
  network: string;
  account: string;
  /** What the buckets are made of: the login, folded, and whose it is; the client's network, and its address, null where it is none. */
  login: string;
  /** The login alone. */
  name: string;
  from: string;
  address: string | null;
  /** Network that a ban would hold for. */
  bannable: string | null;
  service: string;
}

/** One for all spellings that reach the same account, and as PostgreSQL's text can hold it. */
function foldLogin(login: string): string {
  const spelled = normaliseAddress(login)?.address ?? login.slice(0, 320).toLowerCase();
  return spelled.toWellFormed().replaceAll(/\p{Cc}/gu, '\ufffd');
}

/**
 * `login` as typed. An operator is counted apart from the mailbox of the same name: they may be two people, and neither must be able to clear what
 * was counted at the other's password.
 */
export function bucketsOf(
  login: string,
  peer: string,
  service = 'web',
  kind: 'mailbox' | 'operator' = 'mailbox',
): Buckets {
  const name = foldLogin(login);
  const folded = kind === 'operator' ? `@operator ${name}` : name;
  const from = networkOf(peer);
  return {
    accountAtNetwork: `account-at:${from} ${folded}`,
    network: `net:${from}`,
    account: `account:${folded}`,
    login: folded,
    name,
    from,
    address: addressOf(peer),
    bannable: bannableNetwork(peer),
    service,
  };
}

async function isAllowed(db: Database, { address }: Buckets): Promise<boolean> {
  if (address === null) return false;
  const rows = await db.$queryRaw<unknown[]>`
    SELECT FROM allowed_network WHERE network >>= ${address}::inet LIMIT 1`;
  return rows.length > 0;
}

/** One look at everything that may stand in the way. */
export async function isBlocked(db: Database, buckets: Buckets, now: Date): Promise<boolean> {
  const { accountAtNetwork, network, account, login, from, address } = buckets;
  const [found] = await db.$queryRaw<{ blocked: boolean }[]>`
    SELECT NOT EXISTS (SELECT FROM allowed_network WHERE network >>= ${address}::inet) AND (
      EXISTS (SELECT FROM login_failure WHERE bucket IN (${accountAtNetwork}, ${network}) AND blocked_until > ${now}::timestamptz)
      OR EXISTS (SELECT FROM sign_in_ban WHERE network >>= ${address}::inet AND lifted_at IS NULL
        AND (until IS NULL OR until > ${now}::timestamptz))
      OR EXISTS (SELECT FROM login_failure WHERE bucket = ${account} AND blocked_until > ${now}::timestamptz
        AND NOT EXISTS (SELECT FROM sign_in_network
          WHERE login = ${login} AND network = ${from} AND last_at > ${knownSince(now)}::timestamptz))
    ) AS blocked`;
  return found?.blocked ?? true;
}

/** The failures now counted in the bucket. */
async function countFailure(db: Database, bucket: string, policy: Policy, now: Date): Promise<number> {
  const { free, maxBlockSeconds, secondsPerForgotten } = policy;
  const forgotten = new Date(now.getTime() - FORGET_MS);
  const failures = Prisma.sql`
    (CASE WHEN f.last_at < ${forgotten}::timestamptz THEN 1
     ELSE least(${free + MAX_OVER}::int, 1 + greatest(0, f.failures - floor(
       greatest(0, extract(epoch FROM excluded.last_at - f.last_at)) / ${secondsPerForgotten}::int)::int)) END)`;
  const [row] = await db.$queryRaw<{ failures: number }[]>`
    INSERT INTO login_failure AS f (bucket, failures, last_at) VALUES (${bucket}, 1, ${now}::timestamptz)
    ON CONFLICT (bucket) DO UPDATE SET
      failures = ${failures},
      last_at = excluded.last_at,
      blocked_until = CASE WHEN ${failures} >= ${free}::int
        THEN excluded.last_at + make_interval(secs =>
          least(${FIRST_BLOCK_SECONDS}::int * power(2, ${failures} - ${free}::int), ${maxBlockSeconds}::int))
      END
    RETURNING failures`;
  return row?.failures ?? 0;
}

/** Counts against the network; the ban that makes, if any. */
async function countAtNetwork(db: Database, buckets: Buckets, now: Date): Promise<Ban | null> {
  const { network, bannable, address, name, service } = buckets;
  const settings = await readSettings(db);
  const ours = createNetworkSet([...settings['connections.proxyNetworks'], ...settings['connections.ownNetworks']]);
  if (bannable === null || ours.has(address ?? '')) {
    await countFailure(db, network, NETWORK, now);
    return null;
  }
  const free = settings['auth.banFailures'];
  const failures = await countFailure(db, network, { ...NETWORK, free, maxBlockSeconds: 0 }, now);
  if (failures < free) return null;
  const ban = await banNetwork(db, { network: bannable, failures, login: cleanLogin(name), service }, settings, now);
  if (ban) await db.loginFailure.deleteMany({ where: { bucket: network } });
  return ban;
}

/**
 * Answers the ban of its network where this failure was one too many. `also`: whoever else the password was held against, from the same
 * network.
 */
export async function recordFailure(db: Database, buckets: Buckets, now: Date, also?: Buckets): Promise<Ban | null> {
  if (await isAllowed(db, buckets)) return null;
  let strangers = 0;
  for (const { accountAtNetwork, account, login, from } of also ? [buckets, also] : [buckets]) {
    await countFailure(db, accountAtNetwork, ACCOUNT_AT_NETWORK, now);
    if (await isKnownNetwork(db, login, from, now)) continue;
    strangers += 1;
    await countFailure(db, account, ACCOUNT, now);
  }
  return strangers > 0 ? countAtNetwork(db, buckets, now) : null;
}

/** Whether the network is banned, whatever is tried there. */
export async function isBanned(db: Database, { address }: Buckets, now: Date): Promise<boolean> {
  const [found] = await db.$queryRaw<{ banned: boolean }[]>`
    SELECT NOT EXISTS (SELECT FROM allowed_network WHERE network >>= ${address}::inet)
      AND EXISTS (SELECT FROM sign_in_ban WHERE network >>= ${address}::inet AND lifted_at IS NULL
        AND (until IS NULL OR until > ${now}::timestamptz)) AS banned`;
  return found?.banned ?? true;
}

/** Clears the login's count at its network, which is known from now on. */
export async function recordSuccess(db: Database, buckets: Buckets, now: Date): Promise<void> {
  await db.loginFailure.deleteMany({ where: { bucket: buckets.accountAtNetwork } });
  await recordPresence(db, buckets, now);
}

/** For a sign-in that says nothing of the password guessed at: the network is known from now on, and what was counted stays. */
export async function recordPresence(db: Database, { address, login, from }: Buckets, now: Date): Promise<void> {
  if (address !== null) await noteNetwork(db, login, from, now);
}

/** Forgets what was counted from a network, named by an address in it, so that it begins anew. */
export async function forgetFailures(db: Database, address: string): Promise<void> {
  const from = networkOf(address);
  await db.loginFailure.deleteMany({
    where: { OR: [{ bucket: `net:${from}` }, { bucket: { startsWith: `account-at:${from} ` } }] },
  });
}

/** Drops counts that no longer count. */
export async function pruneLoginFailures(db: Database, now: Date): Promise<number> {
  const forgotten = new Date(now.getTime() - FORGET_MS);
  const { count } = await db.loginFailure.deleteMany({ where: { lastAt: { lt: forgotten } } });
  return count;
}
