import { z } from 'zod';
import { operatorScope } from '../actor/scopes.ts';
import type { Prisma } from '../database/prisma.ts';
import { idInput } from '../input/id.ts';
import { type ListResult, listInput, pageOf, textFilter } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { OPERATOR_INCLUDE, type OperatorView, toOperatorView } from './operator-view.ts';

const input = listInput(['email', 'name', 'role', 'createdAt', 'lastLoginAt'], {
  role: z.enum(['admin', 'reseller', 'domain_owner']),
  state: z.enum(['active', 'suspended']),
  resellerId: idInput,
});

type Input = z.output<typeof input>;

function orderOf({ sort, direction }: Input): Prisma.OperatorOrderByWithRelationInput[] {
  const order =
    sort === 'lastLoginAt' ? { lastLoginAt: { sort: direction, nulls: 'last' as const } } : { [sort]: direction };
  return [order, { id: 'asc' }];
}

function whereOf({ search, filters: { role, state, resellerId } }: Input): Prisma.OperatorWhereInput {
  const found = textFilter.contains(search);
  return {
    deletedAt: null,
    ...(search !== '' && { OR: [{ email: found }, { name: found }] }),
    ...(role && { role }),
    ...(state && { suspendedAt: state === 'active' ? null : { not: null } }),
    ...(resellerId !== undefined && { resellerId }),
  };
}

/** The people the actor administers: all for an admin, its own domain owners for a reseller. */
export const listOperators = defineOperation({
  name: 'operators.list',
  allow: ['admin', 'reseller'],
  kind: 'read',
  input,
  run: async ({ db, actor }, given): Promise<ListResult<OperatorView>> => {
    const where = { AND: [operatorScope(actor), whereOf(given)] };
    const [total, rows] = await Promise.all([
      db.operator.count({ where }),
      db.operator.findMany({ where, include: OPERATOR_INCLUDE, orderBy: orderOf(given), ...pageOf(given) }),
    ]);
    return { rows: rows.map(toOperatorView), total };
  },
});
