import { z } from 'zod';
import { suspendable } from '../actor/suspension.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { lockDomains } from './require-domain.ts';

/** A suspended domain takes no mail and lets nobody sign in; what it holds stays. */
export const suspendDomains = defineOperation({
  name: 'domains.suspend',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ names: string[] }> => {
    const rows = await lockDomains(context, ids);
    const where = { id: { in: ids }, ...suspendable(context.actor) };
    await context.db.domain.updateMany({
      where,
      data: { suspendedAt: context.now(), suspendedBy: context.actor.kind },
    });
    return { names: rows.map((row) => row.name) };
  },
  target: (_, { names }) => names.join(', '),
});
