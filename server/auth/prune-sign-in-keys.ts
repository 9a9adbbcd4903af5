import type { Database } from '../database/prisma.ts';
import { readSettings } from '../settings/resolve-settings.ts';

/** How long an app password that has ended is still listed. */
const ENDED_KEPT_MS = 30 * 86_400_000;

/** Drops app passwords that ended long ago, and keys for CRAM-MD5 while it is not offered. Returns how many went. */
export async function pruneSignInKeys({ db, now }: { db: Database; now: () => Date }): Promise<number> {
  const before = new Date(now().getTime() - ENDED_KEPT_MS);
  const ended = await db.appPassword.deleteMany({
    where: { OR: [{ revokedAt: { lt: before } }, { expiresAt: { lt: before } }] },
  });
  const { 'auth.cramMd5': isOffered } = await readSettings(db);
  if (isOffered) return ended.count;
  const keys = await db.account.updateMany({ where: { cramMd5: { not: null } }, data: { cramMd5: null } });
  return ended.count + keys.count;
}
