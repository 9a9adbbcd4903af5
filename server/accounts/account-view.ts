import type { Prisma } from '../database/prisma.ts';

/** A mailbox as results carry it: ids are decimal strings, sizes bytes, times ISO 8601. */
export interface AccountView {
  id: string;
  domain: { id: string; name: string; suspendedAt: string | null; popBeforeSmtp: boolean };
  address: string;
  localPart: string;
  displayName: string;
  /** 0 means unlimited. */
  quotaBytes: number;
  usedBytes: number;
  messages: number;
  /** Messages it takes in an hour and in a day; null: as the settings say, 0: any number. */
  receivePerHour: number | null;
  receivePerDay: number | null;
  /** Left out of POP-before-SMTP. */
  noRelay: boolean;
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
  receivePerHour: true,
  receivePerDay: true,
  noRelay: true,
  suspendedAt: true,
  createdAt: true,
  lastLoginAt: true,
  domain: { select: { id: true, name: true, suspendedAt: true, popBeforeSmtp: true } },
  usage: { select: { sizeBytes: true, messages: true } },
} satisfies Prisma.AccountSelect;

type Row = Prisma.AccountGetPayload<{ select: typeof ACCOUNT_SELECT }>;

export function toAccountView(row: Row): AccountView {
  const { id, name, suspendedAt, popBeforeSmtp } = row.domain;
  return {
    id: String(row.id),
    domain: { id: String(id), name, suspendedAt: suspendedAt?.toISOString() ?? null, popBeforeSmtp },
    address: row.address,
    localPart: row.localPart,
    displayName: row.displayName,
    quotaBytes: Number(row.quotaBytes),
    usedBytes: Number(row.usage?.sizeBytes ?? 0),
    messages: Number(row.usage?.messages ?? 0),
    receivePerHour: row.receivePerHour,
    receivePerDay: row.receivePerDay,
    noRelay: row.noRelay,
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
  };
}
