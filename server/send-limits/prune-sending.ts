import type { Database } from '../database/prisma.ts';
import { USAGE_MS } from './usage.ts';

/** Whom an account has not written to for so long is a first-time recipient again. */
const REMEMBERED_MS = 365 * 86_400_000;

/** Drops usage that counts no more, recipients of long ago, and limits of what is gone. Returns how many rows went. */
export async function pruneSending(db: Database, now: Date): Promise<number> {
  const usage = await db.sendUsage.deleteMany({ where: { countedAt: { lt: new Date(now.getTime() - USAGE_MS) } } });
  const since = new Date(now.getTime() - REMEMBERED_MS);
  const recipients = await db.sendRecipient.deleteMany({ where: { lastAt: { lt: since } } });
  const limits = await db.$executeRaw`
    DELETE FROM send_limit l WHERE NOT CASE l.scope
      WHEN 'account' THEN EXISTS (SELECT FROM account a WHERE a.id = l.scope_id)
      WHEN 'domain' THEN EXISTS (SELECT FROM domain d WHERE d.id = l.scope_id)
      ELSE EXISTS (SELECT FROM operator o WHERE o.id = l.scope_id) END`;
  return usage.count + recipients.count + limits;
}
