import { type Database, Prisma } from '../../database/prisma.ts';
import { VALID_OPENINGS } from './valid-openings.ts';

/** Who holds relaying open for a client's address, latest end first. */
export async function findValidOpenings(
  db: Database,
  address: string,
  at: Date,
): Promise<{ account: string; expiresAt: Date }[]> {
  const rows = await db.$queryRaw<{ account: string; expires_at: Date }[]>`
    SELECT a.address AS account, o.expires_at FROM ${Prisma.raw(VALID_OPENINGS)}
    WHERE o.expires_at > ${at} AND o.address = ${address}::inet ORDER BY o.expires_at DESC`;
  return rows.map(({ account, expires_at: expiresAt }) => ({ account, expiresAt }));
}
