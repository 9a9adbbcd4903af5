import type { Prisma } from '../database/prisma.ts';

/** An alias as results carry it. */
export interface AliasView {
  id: string;
  address: string;
  localPart: string;
  domain: { id: string; name: string };
  /** Mailboxes it delivers to; empty where all of them are deleted, and then mail to it is refused. */
  targets: { id: string; address: string }[];
  createdAt: string;
}

export const ALIAS_INCLUDE = {
  domain: { select: { id: true, name: true } },
  targets: {
    where: { account: { deletedAt: null } },
    select: { account: { select: { id: true, address: true } } },
    orderBy: { account: { address: 'asc' } },
  },
} satisfies Prisma.AddressInclude;

type Row = Prisma.AddressGetPayload<{ include: typeof ALIAS_INCLUDE }>;

export function toAliasView(row: Row): AliasView {
  return {
    id: String(row.id),
    address: `${row.localPart}@${row.domain.name}`,
    localPart: row.localPart,
    domain: { id: String(row.domain.id), name: row.domain.name },
    targets: row.targets.map(({ account }) => ({ id: String(account.id), address: account.address })),
    createdAt: row.createdAt.toISOString(),
  };
}
