/** What making an address of any kind has in common. */
import type { Prisma } from '../database/prisma.ts';
import { refuseDuplicates } from '../database/unique-violation.ts';
import { lockDomain } from '../domains/require-domain.ts';
import type { Context } from '../operation.ts';
import type { AddressView, ListedKind } from './address-view.ts';
import { readAddressView, requireTargets } from './require-address.ts';
import { ADDRESS_TAKEN } from './take-address.ts';

interface NewAddress {
  domainId: bigint;
  localPart: string;
  kind: ListedKind;
  targetIds: readonly bigint[];
  /** Rows of the kind's own. */
  more?: Pick<Prisma.AddressUncheckedCreateInput, 'destinations' | 'responder'>;
}

/** Throws `conflict` on `localPart` when the name is taken, `invalid` on `targetIds` for mailboxes that are not the actor's. */
export async function makeAddress(context: Context, given: NewAddress): Promise<AddressView> {
  const { domainId, localPart, kind, targetIds, more = {} } = given;
  await requireTargets(context, await lockDomain(context, domainId), targetIds);
  const targets = { create: targetIds.map((accountId) => ({ accountId })) };
  const data = { domainId, localPart, kind, createdAt: context.now(), targets, ...more };
  const created = context.db.address.create({ data, select: { id: true } });
  const { id } = await refuseDuplicates(created, 'localPart', ADDRESS_TAKEN);
  return readAddressView(context, id);
}

export async function replaceTargets(context: Context, id: bigint, targetIds: readonly bigint[]): Promise<void> {
  const { domain } = await context.db.address.findUniqueOrThrow({ where: { id }, select: { domain: true } });
  await requireTargets(context, domain, targetIds);
  await context.db.addressTarget.deleteMany({ where: { addressId: id } });
  await context.db.addressTarget.createMany({ data: targetIds.map((accountId) => ({ addressId: id, accountId })) });
}
