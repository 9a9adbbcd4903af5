import type { Prisma } from '../database/prisma.ts';
import type { AppPasswordRefusal } from './check-app-password.ts';
import { type AppPasswordScope, SCOPES } from './scope.ts';

interface Sighting {
  /** ISO 8601. */
  at: string;
  from: string | null;
  /** `imap`, `pop3` or `submission`. */
  service: string | null;
}

/** An app password as results carry it: everything but its secret, which nobody has any longer. */
export interface AppPasswordView {
  id: string;
  label: string;
  scopes: AppPasswordScope[];
  /** CIDR; empty: from everywhere. */
  networks: string[];
  state: 'active' | 'expired' | 'revoked';
  createdAt: string;
  expiresAt: string | null;
  revoked: { at: string; by: string | null } | null;
  lastUsed: Sighting | null;
  lastRefused: (Sighting & { reason: AppPasswordRefusal }) | null;
}

export const APP_PASSWORD_SELECT = {
  id: true,
  label: true,
  scopes: true,
  networks: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
  revokedBy: true,
  lastUsedAt: true,
  lastUsedFrom: true,
  lastUsedService: true,
  lastRefusedAt: true,
  lastRefusedFrom: true,
  lastRefusedService: true,
  lastRefusedReason: true,
} satisfies Prisma.AppPasswordSelect;

type Row = Prisma.AppPasswordGetPayload<{ select: typeof APP_PASSWORD_SELECT }>;

function stateOf({ revokedAt, expiresAt }: Row, now: Date): AppPasswordView['state'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}

function lastUseOf(row: Row): Sighting | null {
  if (row.lastUsedAt === null) return null;
  return { at: row.lastUsedAt.toISOString(), from: row.lastUsedFrom, service: row.lastUsedService };
}

function lastRefusalOf(row: Row): AppPasswordView['lastRefused'] {
  if (row.lastRefusedAt === null) return null;
  const reason = row.lastRefusedReason as AppPasswordRefusal;
  return { at: row.lastRefusedAt.toISOString(), from: row.lastRefusedFrom, service: row.lastRefusedService, reason };
}

export function toAppPasswordView(row: Row, now: Date): AppPasswordView {
  return {
    id: String(row.id),
    label: row.label,
    scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
    networks: row.networks,
    state: stateOf(row, now),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revoked: row.revokedAt && { at: row.revokedAt.toISOString(), by: row.revokedBy },
    lastUsed: lastUseOf(row),
    lastRefused: lastRefusalOf(row),
  };
}
