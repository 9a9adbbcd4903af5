/**
 * Bans a network that failed too often. One row a network: banned again within a week after its last ban, it is banned for twice as
 * long. A ban that somebody lifted counts as a mistake, and the next begins anew. A ban under way is not touched.
 */
import type { Database } from '../database/prisma.ts';
import type { SettingValues } from '../settings/registry.ts';

const REMEMBERED_MS = 7 * 86_400_000;
/** What is doubled more often than this is at its maximum whatever the settings. */
const MAX_DOUBLINGS = 20;

export interface BanCause {
  /** CIDR. */
  network: string;
  failures: number;
  /** The login tried last, and where. */
  login: string;
  service: string;
}

export interface Ban {
  until: Date;
  times: number;
}

/** Null where the network is banned already. */
export async function banNetwork(
  db: Database,
  { network, failures, login, service }: BanCause,
  settings: SettingValues,
  now: Date,
): Promise<Ban | null> {
  const minutes = settings['auth.banMinutes'];
  const maxMinutes = settings['auth.banMaxHours'] * 60;
  const remembered = new Date(now.getTime() - REMEMBERED_MS);
  const rows = await db.$queryRaw<Ban[]>`
    INSERT INTO sign_in_ban AS b (network, reason, automatic, failures, last_login, service, since, until)
    VALUES (${network}::inet, 'Too many failed sign-ins', true, ${failures}, ${login}, ${service}, ${now}::timestamptz,
      ${now}::timestamptz + make_interval(mins => least(${minutes}::int, ${maxMinutes}::int)))
    ON CONFLICT (network) DO UPDATE SET
      reason = excluded.reason, automatic = true, failures = excluded.failures, last_login = excluded.last_login,
      service = excluded.service, since = excluded.since, banned_by = NULL, lifted_at = NULL,
      times = CASE WHEN b.lifted_at IS NULL AND b.until > ${remembered}::timestamptz THEN b.times + 1 ELSE 1 END,
      until = excluded.since + make_interval(mins => least(${maxMinutes}::int, (${minutes}::int * power(2,
        CASE WHEN b.lifted_at IS NULL AND b.until > ${remembered}::timestamptz THEN least(b.times, ${MAX_DOUBLINGS}::int)
        ELSE 0 END))::bigint)::int)
    WHERE b.lifted_at IS NOT NULL OR b.until <= ${now}::timestamptz
    RETURNING until, times`;
  return rows[0] ?? null;
}

/** Drops bans that nobody need remember. */
export async function pruneBans(db: Database, now: Date): Promise<number> {
  const remembered = new Date(now.getTime() - REMEMBERED_MS);
  const { count } = await db.signInBan.deleteMany({
    where: { OR: [{ until: { lt: remembered } }, { liftedAt: { lt: remembered } }] },
  });
  return count;
}
