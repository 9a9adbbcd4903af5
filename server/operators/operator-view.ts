import type { Prisma } from '../database/prisma.ts';

export type OperatorRoleName = 'admin' | 'reseller' | 'domain_owner';

/** An operator as results carry it: ids are decimal strings, times ISO 8601. */
export interface OperatorView {
  id: string;
  email: string;
  name: string;
  role: OperatorRoleName;
  /** The reseller a domain owner belongs to. */
  reseller: { id: string; email: string } | null;
  /** Limits of a reseller; null means unlimited. */
  maxDomains: number | null;
  maxAccounts: number | null;
  /** Domains of a domain owner, or those a reseller serves. */
  domains: number;
  /** False until a password link was used. */
  hasPassword: boolean;
  suspendedAt: string | null;
  createdAt: string;
  lastLoginAt: string | null;
}

const live = { where: { deletedAt: null } };

export const OPERATOR_INCLUDE = {
  reseller: { select: { id: true, email: true } },
  _count: { select: { ownedDomains: live, resoldDomains: live } },
} satisfies Prisma.OperatorInclude;

type Row = Prisma.OperatorGetPayload<{ include: typeof OPERATOR_INCLUDE }>;

export function toOperatorView(row: Row): OperatorView {
  return {
    id: String(row.id),
    email: row.email,
    name: row.name,
    role: row.role,
    reseller: row.reseller && { id: String(row.reseller.id), email: row.reseller.email },
    maxDomains: row.maxDomains,
    maxAccounts: row.maxAccounts,
    domains: row.role === 'reseller' ? row._count.resoldDomains : row._count.ownedDomains,
    hasPassword: row.passwordHash !== null,
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
  };
}
