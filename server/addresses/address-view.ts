import type { Prisma } from '../database/prisma.ts';
import { haveSamePeople } from '../domains/same-people.ts';

/** The kinds of address that are no mailbox's own. */
export const ADDRESS_KINDS = ['alias', 'forward', 'responder'] as const;
export type ListedKind = (typeof ADDRESS_KINDS)[number];

/** An address as results carry it. */
export interface AddressView {
  id: string;
  kind: ListedKind;
  address: string;
  localPart: string;
  domain: { id: string; name: string };
  /** Mailboxes an alias delivers to, and in which forwards and responders keep a copy; left out are deleted ones, and those of other people. */
  targets: { id: string; address: string }[];
  /** Where a forward leads. */
  destinations: string[];
  /** What a responder answers. */
  answer: { subject: string; body: string; intervalDays: number } | null;
  createdAt: string;
}

export const ADDRESS_INCLUDE = {
  domain: { select: { id: true, name: true, ownerId: true, resellerId: true } },
  targets: {
    where: { account: { deletedAt: null } },
    select: {
      account: { select: { id: true, address: true, domain: { select: { ownerId: true, resellerId: true } } } },
    },
    orderBy: { account: { address: 'asc' } },
  },
  destinations: { select: { destination: true }, orderBy: { destination: 'asc' } },
  responder: { select: { subject: true, body: true, intervalDays: true } },
} satisfies Prisma.AddressInclude;

type Row = Prisma.AddressGetPayload<{ include: typeof ADDRESS_INCLUDE }>;

export function toAddressView(row: Row): AddressView {
  return {
    id: String(row.id),
    kind: ADDRESS_KINDS.find((kind) => kind === row.kind) ?? 'alias',
    address: `${row.localPart}@${row.domain.name}`,
    localPart: row.localPart,
    domain: { id: String(row.domain.id), name: row.domain.name },
    targets: row.targets
      .filter(({ account }) => haveSamePeople(account.domain, row.domain))
      .map(({ account }) => ({ id: String(account.id), address: account.address })),
    destinations: row.destinations.map(({ destination }) => destination),
    answer: row.responder,
    createdAt: row.createdAt.toISOString(),
  };
}
