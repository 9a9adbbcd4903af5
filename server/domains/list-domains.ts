import { z } from 'zod';
import { domainScopeSql } from '../actor/scopes.ts';
import { Prisma } from '../database/prisma.ts';
import { idInput } from '../input/id.ts';
import { containsPattern, type ListResult, listInput, pageOf } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { DOMAIN_COLUMNS, DOMAIN_TABLES, type DomainRow, type DomainView, toDomainView } from './domain-view.ts';

const input = listInput(['name', 'accounts', 'usedBytes', 'createdAt', 'owner'], {
  state: z.enum(['active', 'suspended']),
  ownerId: idInput,
  resellerId: idInput,
});

type Input = z.output<typeof input>;

const ORDER: Readonly<Record<Input['sort'], Prisma.Sql>> = {
  name: Prisma.sql`d.name`,
  accounts: Prisma.sql`s.accounts`,
  usedBytes: Prisma.sql`s.used_bytes`,
  createdAt: Prisma.sql`d.created_at`,
  owner: Prisma.sql`o.email`,
};

function conditions({ search, filters }: Input): Prisma.Sql[] {
  const { state, ownerId, resellerId } = filters;
  const found = [Prisma.sql`d.deleted_at IS NULL`];
  if (search !== '') {
    const pattern = containsPattern(search);
    found.push(Prisma.sql`(d.name ILIKE ${pattern} OR o.email ILIKE ${pattern} OR r.email ILIKE ${pattern})`);
  }
  if (state)
    found.push(state === 'active' ? Prisma.sql`d.suspended_at IS NULL` : Prisma.sql`d.suspended_at IS NOT NULL`);
  if (ownerId !== undefined) found.push(Prisma.sql`d.owner_id = ${ownerId}`);
  if (resellerId !== undefined) found.push(Prisma.sql`d.reseller_id = ${resellerId}`);
  return found;
}

/** The domains in the actor's scope. Searches name, owner and reseller. */
export const listDomains = defineOperation({
  name: 'domains.list',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input,
  run: async ({ db, actor }, given): Promise<ListResult<DomainView>> => {
    const where = Prisma.join([domainScopeSql(actor), ...conditions(given)], ' AND ');
    const direction = given.direction === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    const { take, skip } = pageOf(given);
    const [rows, [count]] = await Promise.all([
      db.$queryRaw<DomainRow[]>`
        SELECT ${DOMAIN_COLUMNS} FROM ${DOMAIN_TABLES} WHERE ${where}
        ORDER BY ${ORDER[given.sort]} ${direction} NULLS LAST, d.id LIMIT ${take} OFFSET ${skip}`,
      db.$queryRaw<{ total: bigint }[]>`
        SELECT count(*) AS total FROM domain d LEFT JOIN operator o ON o.id = d.owner_id
        LEFT JOIN operator r ON r.id = d.reseller_id WHERE ${where}`,
    ]);
    return { rows: rows.map(toDomainView), total: Number(count?.total ?? 0) };
  },
});
