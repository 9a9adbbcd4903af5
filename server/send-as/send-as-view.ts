import type { Prisma } from '../database/prisma.ts';

/** Leave to send as an address; ids are decimal strings, times ISO 8601. */
export interface SendAsView {
  id: string;
  /** `sales@example.com`, or `@example.com` for every address of the domain. */
  address: string;
  domain: { id: string; name: string };
  createdAt: string;
  /** False while mailbox and domain no longer belong to the same owner: then it does not hold. */
  holds: boolean;
}

export const SEND_AS_SELECT = {
  id: true,
  localPart: true,
  createdAt: true,
  domain: { select: { id: true, name: true, ownerId: true, resellerId: true, deletedAt: true } },
  account: { select: { domain: { select: { id: true, ownerId: true, resellerId: true } } } },
} satisfies Prisma.SendAsGrantSelect;

type Row = Prisma.SendAsGrantGetPayload<{ select: typeof SEND_AS_SELECT }>;

interface Owned {
  id: bigint;
  ownerId: bigint | null;
  resellerId: bigint | null;
}

/**
 * A grant never crosses from one customer to another: the same domain, or two of the same owner. The same rule stands in the
 * directory's statement (`directory/send-as.ts`), so that a domain that changes hands takes its grants' force with it.
 */
export function isSameOwner(one: Owned, other: Owned): boolean {
  if (one.id === other.id) return true;
  return one.ownerId !== null && one.ownerId === other.ownerId && one.resellerId === other.resellerId;
}

export function toSendAsView({ id, localPart, createdAt, domain, account }: Row): SendAsView {
  return {
    id: String(id),
    address: `${localPart}@${domain.name}`,
    domain: { id: String(domain.id), name: domain.name },
    createdAt: createdAt.toISOString(),
    holds: domain.deletedAt === null && isSameOwner(domain, account.domain),
  };
}
