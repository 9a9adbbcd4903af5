/**
 * What has to be tidied from time to time: deleted mailboxes and domains past restoring, old sessions, sign-in failures, links and
 * audit events. Safe to run at any time, from several processes too: what one finds gone the other did.
 */
import { pruneLoginFailures } from '../auth/throttle.ts';
import { pruneWebSessions } from '../auth/web-session.ts';
import type { Database } from '../database/prisma.ts';
import { logger } from '../logger.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import { purgeAccount } from './purge-account.ts';

const log = logger('upkeep');
const PURGED_AT_ONCE = 100;

export interface UpkeepReport {
  purgedAccounts: number;
  purgedDomains: number;
  /** Rows of sessions, failures, links and audit events. */
  prunedRows: number;
}

async function purgeAccounts(db: Database, now: Date): Promise<number> {
  const due = await db.account.findMany({
    where: { deletedAt: { not: null }, purgeAfter: { lte: now } },
    select: { id: true },
    orderBy: { id: 'asc' },
    take: PURGED_AT_ONCE,
  });
  let purged = 0;
  for (const { id } of due) {
    try {
      await purgeAccount(db, id);
      purged += 1;
    } catch (error) {
      log.error(
        { accountId: String(id), err: (error as Error).message },
        'mailbox could not be purged, trying again later',
      );
    }
  }
  return purged;
}

/** A domain goes after its last mailbox has. */
async function purgeDomains(db: Database, now: Date): Promise<number> {
  const { count } = await db.domain.deleteMany({
    where: { deletedAt: { not: null }, purgeAfter: { lte: now }, accounts: { none: {} } },
  });
  return count;
}

async function pruneRows(db: Database, now: () => Date): Promise<number> {
  const { 'audit.keepDays': days } = await readSettings(db);
  const before = new Date(now().getTime() - days * 86_400_000);
  const audit = await db.auditEvent.deleteMany({ where: { at: { lt: before } } });
  const links = await db.passwordLink.deleteMany({ where: { expiresAt: { lt: now() } } });
  return audit.count + links.count + (await pruneWebSessions({ db, now })) + (await pruneLoginFailures(db, now()));
}

export async function runUpkeep({ db, now }: { db: Database; now: () => Date }): Promise<UpkeepReport> {
  const purgedAccounts = await purgeAccounts(db, now());
  const purgedDomains = await purgeDomains(db, now());
  return { purgedAccounts, purgedDomains, prunedRows: await pruneRows(db, now) };
}
