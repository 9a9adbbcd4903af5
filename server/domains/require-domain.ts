import { notFound } from '../actor/errors.ts';
import { domainScope, domainScopeSql } from '../actor/scopes.ts';
import { Prisma } from '../database/prisma.ts';
import type { Context } from '../operation.ts';
import { DOMAIN_COLUMNS, DOMAIN_TABLES, type DomainRow, type DomainView, toDomainView } from './domain-view.ts';

/** The domain as the actor may see it; else `not-found`. */
export async function readDomainView({ db, actor }: Context, id: bigint): Promise<DomainView> {
  const rows = await db.$queryRaw<DomainRow[]>`
    SELECT ${DOMAIN_COLUMNS} FROM ${DOMAIN_TABLES}
    WHERE d.id = ${id} AND d.deleted_at IS NULL AND ${domainScopeSql(actor)}`;
  const [row] = rows;
  if (!row) throw notFound('domain');
  return toDomainView(row);
}

/**
 * Locks domains in the actor's scope, in id order; `not-found` when one is missing. What is created in a domain, and what changes it,
 * locks it first, so that limits are counted by one at a time and nothing appears in a domain being deleted.
 * Domains are always locked before operators.
 */
export async function lockDomains({ db, actor, now }: Context, ids: readonly bigint[], { deleted = false } = {}) {
  await db.$queryRaw(Prisma.sql`SELECT id FROM domain WHERE id = ANY (${ids}::bigint[]) ORDER BY id FOR NO KEY UPDATE`);
  const state = deleted ? { deletedAt: { not: null }, purgeAfter: { gt: now() } } : { deletedAt: null };
  const rows = await db.domain.findMany({
    where: { AND: [domainScope(actor), { id: { in: [...ids] } }, state] },
    orderBy: { id: 'asc' },
  });
  if (rows.length !== ids.length) throw notFound('domain');
  return rows;
}

export type LockedDomain = Awaited<ReturnType<typeof lockDomains>>[number];

export async function lockDomain(context: Context, id: bigint): Promise<LockedDomain> {
  const [domain] = await lockDomains(context, [id]);
  if (!domain) throw notFound('domain');
  return domain;
}
