import type { z } from 'zod';
import { domainScope } from '../actor/scopes.ts';
import type { Prisma } from '../database/prisma.ts';
import { idInput } from '../input/id.ts';
import { type ListResult, listInput, pageOf, textFilter } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { ALIAS_INCLUDE, type AliasView, toAliasView } from './alias-view.ts';

const input = listInput(['address', 'createdAt'], {
  domainId: idInput,
  /** Aliases that deliver to this mailbox. */ accountId: idInput,
});

type Input = z.output<typeof input>;

function orderOf({ sort, direction }: Input): Prisma.AddressOrderByWithRelationInput[] {
  if (sort === 'createdAt') return [{ createdAt: direction }, { id: 'asc' }];
  return [{ localPart: direction }, { domain: { name: direction } }];
}

/** `name@example` finds by both halves, anything else by either. */
function searchFor(search: string): Prisma.AddressWhereInput {
  if (search === '') return {};
  const { contains, startsWith, endsWith } = textFilter;
  const at = search.lastIndexOf('@');
  if (at >= 0) {
    const [localPart, name] = [search.slice(0, at), search.slice(at + 1)];
    return { localPart: endsWith(localPart), domain: { name: startsWith(name) } };
  }
  const target = { account: { address: contains(search), deletedAt: null } };
  return {
    OR: [{ localPart: contains(search) }, { domain: { name: contains(search) } }, { targets: { some: target } }],
  };
}

/** The aliases in the actor's scope. Searches the address and the mailboxes it delivers to. */
export const listAliases = defineOperation({
  name: 'addresses.list',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input,
  run: async ({ db, actor }, given): Promise<ListResult<AliasView>> => {
    const { domainId, accountId } = given.filters;
    const chosen: Prisma.AddressWhereInput = {
      kind: 'alias',
      domain: { deletedAt: null },
      ...(domainId !== undefined && { domainId }),
      ...(accountId !== undefined && { targets: { some: { accountId } } }),
    };
    const where = { AND: [{ domain: domainScope(actor) }, chosen, searchFor(given.search)] };
    const [total, rows] = await Promise.all([
      db.address.count({ where }),
      db.address.findMany({ where, include: ALIAS_INCLUDE, orderBy: orderOf(given), ...pageOf(given) }),
    ]);
    return { rows: rows.map(toAliasView), total };
  },
});
