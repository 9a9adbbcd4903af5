/**
 * Drops what the control plane need not remember any longer: ended sessions, sign-in failures and bans that no longer count, what was
 * sent long ago, dead password links, ended openings of POP-before-SMTP, audit events older than `audit.keepDays`. Safe at any time
 * and from several processes: what one finds gone, another did.
 */
import { pruneOpenings } from '../access-rules/pop-before-smtp/prune-openings.ts';
import { pruneReplies } from '../addresses/prune-replies.ts';
import { pruneBans } from '../auth/ban.ts';
import { pruneNetworks } from '../auth/known-networks.ts';
import { pruneSignInKeys } from '../auth/prune-sign-in-keys.ts';
import { pruneLoginFailures } from '../auth/throttle.ts';
import { pruneWebSessions } from '../auth/web-session.ts';
import type { Database } from '../database/prisma.ts';
import { pruneSending } from '../send-limits/prune-sending.ts';
import { readSettings } from '../settings/resolve-settings.ts';

/** Returns how many rows went. */
export async function pruneRecords({ db, now }: { db: Database; now: () => Date }): Promise<number> {
  const { 'audit.keepDays': days } = await readSettings(db);
  const before = new Date(now().getTime() - days * 86_400_000);
  const audit = await db.auditEvent.deleteMany({ where: { at: { lt: before } } });
  const links = await db.passwordLink.deleteMany({ where: { expiresAt: { lte: now() } } });
  const dropped = [
    await pruneWebSessions({ db, now }),
    await pruneLoginFailures(db, now()),
    await pruneReplies(db, now()),
    await pruneOpenings(db, now()),
    await pruneBans(db, now()),
    await pruneNetworks(db, now()),
    await pruneSending(db, now()),
    await pruneSignInKeys({ db, now }),
  ];
  return dropped.reduce((sum, count) => sum + count, audit.count + links.count);
}
