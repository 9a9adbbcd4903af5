import type { Database } from '../../database/prisma.ts';

/** Removes what has ended; nobody believed it since. Returns how many rows went. */
export async function pruneOpenings(db: Database, now: Date): Promise<number> {
  const { count } = await db.relayOpening.deleteMany({ where: { expiresAt: { lte: now } } });
  return count;
}
