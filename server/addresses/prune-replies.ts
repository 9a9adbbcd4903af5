import type { Database } from '../database/prisma.ts';

/** Forgets whom responders answered longer ago than their interval; returns how many rows went. */
export async function pruneReplies(db: Database, now: Date): Promise<number> {
  return db.$executeRaw`
    DELETE FROM responder_reply r USING responder p
    WHERE p.address_id = r.address_id AND r.at <= ${now}::timestamptz - make_interval(days => p.interval_days)`;
}
