/**
 * From where a login has signed in lately. Strangers' failures cannot slow it down there, and its own failures there (a mail
 * program with an old password) count against it alone, not against everybody behind the same address.
 */
import type { Database } from '../database/prisma.ts';

const KNOWN_DAYS = 30;
const DAY_MS = 86_400_000;
/** A sign-in is noted at most this often. */
const NOTED_EVERY_MS = 3_600_000;

export function knownSince(now: Date): Date {
  return new Date(now.getTime() - KNOWN_DAYS * DAY_MS);
}

export async function noteNetwork(db: Database, login: string, network: string, now: Date): Promise<void> {
  const due = new Date(now.getTime() - NOTED_EVERY_MS);
  await db.$executeRaw`
    INSERT INTO sign_in_network AS n (login, network, last_at) VALUES (${login}, ${network}, ${now}::timestamptz)
    ON CONFLICT (login, network) DO UPDATE SET last_at = excluded.last_at WHERE n.last_at < ${due}::timestamptz`;
}

export async function isKnownNetwork(db: Database, login: string, network: string, now: Date): Promise<boolean> {
  const where = { login, network, lastAt: { gt: knownSince(now) } };
  return (await db.signInNetwork.count({ where })) > 0;
}

export async function pruneNetworks(db: Database, now: Date): Promise<number> {
  return (await db.signInNetwork.deleteMany({ where: { lastAt: { lte: knownSince(now) } } })).count;
}
