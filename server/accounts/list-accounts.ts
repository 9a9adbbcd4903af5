import { z } from 'zod';
import { accountScope } from '../actor/scopes.ts';
import type { Prisma } from '../database/prisma.ts';
import { idInput } from '../input/id.ts';
import { type ListResult, listInput, pageOf, textFilter } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { ACCOUNT_SELECT, type AccountView, toAccountView } from './account-view.ts';

const input = listInput(['address', 'displayName', 'usedBytes', 'quotaBytes', 'createdAt', 'lastLoginAt'], {
  domainId: idInput,
  state: z.enum(['active', 'suspended']),
});

type Input = z.output<typeof input>;

function orderOf({ sort, direction }: Input): Prisma.AccountOrderByWithRelationInput[] {
  if (sort === 'usedBytes') return [{ usage: { sizeBytes: direction } }, { id: 'asc' }];
  if (sort === 'lastLoginAt') return [{ lastLoginAt: { sort: direction, nulls: 'last' } }, { id: 'asc' }];
  return [{ [sort]: direction }, { id: 'asc' }];
}

function whereOf({ search, filters: { domainId, state } }: Input): Prisma.AccountWhereInput {
  const found = textFilter.contains(search);
  return {
    deletedAt: null,
    domain: { deletedAt: null },
    ...(search !== '' && { OR: [{ address: found }, { displayName: found }] }),
    ...(domainId !== undefined && { domainId }),
    ...(state && { suspendedAt: state === 'active' ? null : { not: null } }),
  };
}

/** The mailboxes in the actor's scope. Searches address and name. */
export const listAccounts = defineOperation({
  name: 'accounts.list',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input,
  run: async ({ db, actor }, given): Promise<ListResult<AccountView>> => {
    const where = { AND: [accountScope(actor), whereOf(given)] };
    const [total, rows] = await Promise.all([
      db.account.count({ where }),
      db.account.findMany({ where, select: ACCOUNT_SELECT, orderBy: orderOf(given), ...pageOf(given) }),
    ]);
    return { rows: rows.map(toAccountView), total };
  },
});
