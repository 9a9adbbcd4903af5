/**
 * Whether a right app password may be used here and now, and a note of it for its owner. The client is told `wrong` whatever the
 * reason: who found an app password learns nothing of what it is good for; the owner's list and the log tell.
 */
import type { Database, Prisma } from '../database/prisma.ts';
import type { SignInAttempt } from '../directory/types.ts';
import { createNetworkSet } from '../input/network.ts';
import { scopeOf } from './scope.ts';

const NOTED_EVERY_MS = 60_000;

export type AppPasswordRefusal = 'revoked' | 'expired' | 'service' | 'network';

export const APP_PASSWORD_FIELDS = {
  id: true,
  scramSha256: true,
  scopes: true,
  networks: true,
  expiresAt: true,
  revokedAt: true,
  lastUsedAt: true,
  lastUsedFrom: true,
  lastUsedService: true,
} as const satisfies Prisma.AppPasswordSelect;

export type CheckedAppPassword = Prisma.AppPasswordGetPayload<{ select: typeof APP_PASSWORD_FIELDS }>;

export function findAppPasswordRefusal(
  found: CheckedAppPassword,
  { service, peer }: SignInAttempt,
  now: Date,
): AppPasswordRefusal | undefined {
  if (found.revokedAt !== null) return 'revoked';
  if (found.expiresAt !== null && found.expiresAt <= now) return 'expired';
  if (!found.scopes.includes(scopeOf(service) ?? '')) return 'service';
  const everywhere = found.networks.length === 0;
  return everywhere || createNetworkSet(found.networks).has(peer) ? undefined : 'network';
}

/** At most once a minute for the same client and service. */
export async function noteAppPasswordUse(
  db: Database,
  found: CheckedAppPassword,
  { service, peer }: SignInAttempt,
  now: Date,
): Promise<void> {
  const same = found.lastUsedFrom === peer && found.lastUsedService === service;
  if (same && now.getTime() - (found.lastUsedAt?.getTime() ?? 0) < NOTED_EVERY_MS) return;
  const data = { lastUsedAt: now, lastUsedFrom: peer, lastUsedService: service };
  await db.appPassword.updateMany({ where: { id: found.id }, data });
}

export async function noteAppPasswordRefusal(
  db: Database,
  { id }: { id: bigint },
  { service, peer, reason }: SignInAttempt & { reason: AppPasswordRefusal },
  now: Date,
): Promise<void> {
  const data = {
    lastRefusedAt: now,
    lastRefusedFrom: peer,
    lastRefusedService: service,
    lastRefusedReason: reason,
  };
  await db.appPassword.updateMany({ where: { id }, data });
}
