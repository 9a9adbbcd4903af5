import { notFound, OperationError } from '../actor/errors.ts';
import { accountScope, domainScope } from '../actor/scopes.ts';
import type { Context } from '../operation.ts';
import { ALIAS_INCLUDE, type AliasView, toAliasView } from './alias-view.ts';

const KIND = { kind: 'alias' } as const;

export async function readAliasView({ db, actor }: Context, id: bigint): Promise<AliasView> {
  const where = { AND: [{ domain: domainScope(actor) }, { id, ...KIND, domain: { deletedAt: null } }] };
  const row = await db.address.findFirst({ where, include: ALIAS_INCLUDE });
  if (!row) throw notFound('alias');
  return toAliasView(row);
}

/** Locks aliases in the actor's scope, in id order; `not-found` when one is missing. */
export async function lockAliases({ db, actor }: Context, ids: readonly bigint[]): Promise<AliasView[]> {
  await db.$queryRaw`SELECT id FROM address WHERE id = ANY (${ids}::bigint[]) ORDER BY id FOR NO KEY UPDATE`;
  const rows = await db.address.findMany({
    where: { AND: [{ domain: domainScope(actor) }, { id: { in: [...ids] }, ...KIND, domain: { deletedAt: null } }] },
    include: ALIAS_INCLUDE,
    orderBy: { id: 'asc' },
  });
  if (rows.length !== ids.length) throw notFound('alias');
  return rows.map(toAliasView);
}

/** Throws `invalid` on `targetIds` unless every target is a mailbox in the actor's scope. Holds them until the transaction ends. */
export async function requireTargets({ db, actor }: Context, targetIds: readonly bigint[]): Promise<void> {
  await db.$queryRaw`SELECT id FROM account WHERE id = ANY (${targetIds}::bigint[]) ORDER BY id FOR SHARE`;
  const where = {
    AND: [accountScope(actor), { id: { in: [...targetIds] }, deletedAt: null, domain: { deletedAt: null } }],
  };
  if ((await db.account.count({ where })) === targetIds.length) return;
  const message = 'Choose mailboxes that exist and are yours.';
  throw new OperationError('invalid', message, { targetIds: message });
}
