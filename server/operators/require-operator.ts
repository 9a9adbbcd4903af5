import { notFound, OperationError } from '../actor/errors.ts';
import { operatorScope } from '../actor/scopes.ts';
import type { Database } from '../database/prisma.ts';
import type { Context } from '../operation.ts';
import { OPERATOR_INCLUDE, type OperatorRoleName, type OperatorView, toOperatorView } from './operator-view.ts';

/** The operator with `id` that the actor administers, not deleted; else `not-found`. */
export async function requireOperator({ db, actor }: Context, id: bigint) {
  const where = { AND: [operatorScope(actor), { id, deletedAt: null }] };
  const row = await db.operator.findFirst({ where, include: OPERATOR_INCLUDE });
  if (!row) throw notFound('person');
  return row;
}

export async function readOperatorView(context: Context, id: bigint): Promise<OperatorView> {
  return toOperatorView(await requireOperator(context, id));
}

/**
 * Locks the operators with `ids` that the actor administers, and all admins with them, in id order; `not-found` when one is missing.
 * The admins, so that two that remove each other at the same time come one after the other (`requireAdminLeft`).
 */
export async function lockOperators({ db, actor }: Context, ids: readonly bigint[], { deleted = false } = {}) {
  await db.$queryRaw`
    SELECT id FROM operator WHERE id = ANY (${ids}::bigint[]) OR (role = 'admin' AND deleted_at IS NULL)
    ORDER BY id FOR NO KEY UPDATE`;
  const state = deleted ? { deletedAt: { not: null } } : { deletedAt: null };
  const rows = await db.operator.findMany({
    where: { AND: [operatorScope(actor), { id: { in: [...ids] } }, state] },
    include: OPERATOR_INCLUDE,
    orderBy: { id: 'asc' },
  });
  if (rows.length !== ids.length) throw notFound('person');
  return rows;
}

/** Who would lock themselves out is stopped. */
export function refuseSelf({ actor }: Context, ids: readonly bigint[], what: string): void {
  const isOperator = actor.kind === 'admin' || actor.kind === 'reseller' || actor.kind === 'domain-owner';
  if (isOperator && ids.includes(actor.operatorId)) {
    throw new OperationError('conflict', `You cannot ${what} yourself: ask another admin.`);
  }
}

/** Call after `lockOperators` and the change, within one transaction: somebody must still be able to administer. */
export async function requireAdminLeft(db: Database, changed: readonly { role: OperatorRoleName }[]): Promise<void> {
  if (!changed.some((operator) => operator.role === 'admin')) return;
  const where = { role: 'admin', deletedAt: null, suspendedAt: null } as const;
  if ((await db.operator.count({ where })) > 0) return;
  throw new OperationError('conflict', 'This is the last admin: make another one first.');
}
