import type { Prisma } from '../database/prisma.ts';

/** A mailbox as results carry it: ids are decimal strings, sizes bytes, times ISO 8601. */
export interface AccountView {
  id: string;
  domain: { id: string; name: string; suspendedAt: string | null };
  address: string;
  localPart: string;
  displayName: string;
  /** 0 means unlimited. */
  quotaBytes: number;
  usedBytes: number;
  messages: number;
  suspendedAt: string | null;
  createdAt: string;
  lastLoginAt: string | null;
}

/** Everything but what the password left behind. */
export const ACCOUNT_SELECT = {
  id: true,
  address: true,
  localPart: true,
  displayName: true,
  quotaBytes: true,
  suspendedAt: true,
  createdAt: true,
  lastLoginAt: true,
  domain: { select: { id: true, name: true, suspendedAt: true } },
  usage: { select: { sizeBytes: true, messages: true } },
} satisfies Prisma.AccountSelect;

type Row = Prisma.AccountGetPayload<{ select: typeof ACCOUNT_SELECT }>;

export function toAccountView(row: Row): AccountView {
  const { id, name, suspendedAt } = row.domain;
  return {
    id: String(row.id),
    domain: { id: String(id), name, suspendedAt: suspendedAt?.toISOString() ?? null },
    address: row.address,
    localPart: row.localPart,
    displayName: row.displayName,
    quotaBytes: Number(row.quotaBytes),
    usedBytes: Number(row.usage?.sizeBytes ?? 0),
    messages: Number(row.usage?.messages ?? 0),
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
  };
}
