import { notFound, OperationError } from '../actor/errors.ts';
import { accountScope, domainScope } from '../actor/scopes.ts';
import type { People } from '../domains/same-people.ts';
import type { Context } from '../operation.ts';
import { ADDRESS_INCLUDE, ADDRESS_KINDS, type AddressView, type ListedKind, toAddressView } from './address-view.ts';

export async function readAddressView({ db, actor }: Context, id: bigint): Promise<AddressView> {
  const where = { AND: [{ domain: domainScope(actor) }, { id, domain: { deletedAt: null } }] };
  const row = await db.address.findFirst({ where, include: ADDRESS_INCLUDE });
  if (!row) throw notFound('address');
  return toAddressView(row);
}

/** Locks addresses of these kinds in the actor's scope, in id order; `not-found` when one is missing. */
export async function lockAddresses(
  { db, actor }: Context,
  ids: readonly bigint[],
  kinds: readonly ListedKind[] = ADDRESS_KINDS,
): Promise<AddressView[]> {
  await db.$queryRaw`SELECT id FROM address WHERE id = ANY (${ids}::bigint[]) ORDER BY id FOR NO KEY UPDATE`;
  const chosen = { id: { in: [...ids] }, kind: { in: [...kinds] }, domain: { deletedAt: null } };
  const rows = await db.address.findMany({
    where: { AND: [{ domain: domainScope(actor) }, chosen] },
    include: ADDRESS_INCLUDE,
    orderBy: { id: 'asc' },
  });
  if (rows.length !== ids.length) throw notFound('address');
  return rows.map(toAddressView);
}

/**
 * Throws `invalid` on `field` unless every target is a mailbox in the actor's scope, in a domain of the same people as `domain`. Holds them
 * until the transaction ends.
 */
export async function requireTargets(
  { db, actor }: Context,
  { ownerId, resellerId }: People,
  targetIds: readonly bigint[],
  field = 'targetIds',
): Promise<void> {
  await db.$queryRaw`SELECT id FROM account WHERE id = ANY (${targetIds}::bigint[]) ORDER BY id FOR SHARE`;
  const where = {
    AND: [
      accountScope(actor),
      { id: { in: [...targetIds] }, deletedAt: null, domain: { deletedAt: null, ownerId, resellerId } },
    ],
  };
  if ((await db.account.count({ where })) === targetIds.length) return;
  const message = 'Choose mailboxes that exist and are yours.';
  throw new OperationError('invalid', message, { [field]: message });
}
