import { z } from 'zod';
import { domainScope } from '../actor/scopes.ts';
import type { Prisma } from '../database/prisma.ts';
import { idInput } from '../input/id.ts';
import { type ListResult, listInput, pageOf, textFilter } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { ADDRESS_INCLUDE, ADDRESS_KINDS, type AddressView, toAddressView } from './address-view.ts';

const input = listInput(['address', 'createdAt'], {
  domainId: idInput,
  /** Addresses that put mail into this mailbox. */ accountId: idInput,
  kind: z.enum(ADDRESS_KINDS),
});

type Input = z.output<typeof input>;

function orderOf({ sort, direction }: Input): Prisma.AddressOrderByWithRelationInput[] {
  if (sort === 'createdAt') return [{ createdAt: direction }, { id: 'asc' }];
  return [{ localPart: direction }, { domain: { name: direction } }];
}

/** `name@example` finds by both halves or as a destination, anything else anywhere. */
function searchFor(search: string): Prisma.AddressWhereInput {
  if (search === '') return {};
  const { contains, startsWith, endsWith } = textFilter;
  const leadsTo = { destinations: { some: { destination: contains(search) } } };
  const at = search.lastIndexOf('@');
  if (at >= 0) {
    const [localPart, name] = [search.slice(0, at), search.slice(at + 1)];
    return { OR: [{ localPart: endsWith(localPart), domain: { name: startsWith(name) } }, leadsTo] };
  }
  const target = { account: { address: contains(search), deletedAt: null } };
  return {
    OR: [
      { localPart: contains(search) },
      { domain: { name: contains(search) } },
      { targets: { some: target } },
      leadsTo,
    ],
  };
}

/** The addresses in the actor's scope that are no mailbox's own. Searches the address and where it leads. */
export const listAddresses = defineOperation({
  name: 'addresses.list',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input,
  run: async ({ db, actor }, given): Promise<ListResult<AddressView>> => {
    const { domainId, accountId, kind } = given.filters;
    const chosen: Prisma.AddressWhereInput = {
      kind: kind ?? { in: [...ADDRESS_KINDS] },
      domain: { deletedAt: null },
      ...(domainId !== undefined && { domainId }),
      ...(accountId !== undefined && { targets: { some: { accountId } } }),
    };
    const where = { AND: [{ domain: domainScope(actor) }, chosen, searchFor(given.search)] };
    const [total, rows] = await Promise.all([
      db.address.count({ where }),
      db.address.findMany({ where, include: ADDRESS_INCLUDE, orderBy: orderOf(given), ...pageOf(given) }),
    ]);
    return { rows: rows.map(toAddressView), total };
  },
});
