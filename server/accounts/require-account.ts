import { notFound } from '../actor/errors.ts';
import { accountScope } from '../actor/scopes.ts';
import type { Context } from '../operation.ts';
import { ACCOUNT_SELECT, type AccountView, toAccountView } from './account-view.ts';

/** The mailbox as the actor may see it; else `not-found`. */
export async function readAccountView({ db, actor }: Context, id: bigint): Promise<AccountView> {
  const where = { AND: [accountScope(actor), { id, deletedAt: null, domain: { deletedAt: null } }] };
  const row = await db.account.findFirst({ where, select: ACCOUNT_SELECT });
  if (!row) throw notFound('mailbox');
  return toAccountView(row);
}

/** Locks mailboxes in the actor's scope, in id order; `not-found` when one is missing. Deleted ones: only those still restorable. */
export async function lockAccounts({ db, actor, now }: Context, ids: readonly bigint[], { deleted = false } = {}) {
  await db.$queryRaw`SELECT id FROM account WHERE id = ANY (${ids}::bigint[]) ORDER BY id FOR NO KEY UPDATE`;
  const state = deleted
    ? { deletedAt: { not: null }, deletedWithDomain: false, purgeAfter: { gt: now() } }
    : { deletedAt: null, domain: { deletedAt: null } };
  const rows = await db.account.findMany({
    where: { AND: [accountScope(actor), { id: { in: [...ids] } }, state] },
    select: { id: true, domainId: true, localPart: true, address: true, suspendedBy: true },
    orderBy: { id: 'asc' },
  });
  if (rows.length !== ids.length) throw notFound('mailbox');
  return rows;
}
