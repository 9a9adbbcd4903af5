import { z } from 'zod';
import { suspendable } from '../actor/suspension.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { lockAccounts } from './require-account.ts';

/** A suspended mailbox takes no mail and lets nobody sign in; what it holds stays. */
export const suspendAccounts = defineOperation({
  name: 'accounts.suspend',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ addresses: string[] }> => {
    const rows = await lockAccounts(context, ids);
    const where = { id: { in: ids }, ...suspendable(context.actor) };
    await context.db.account.updateMany({
      where,
      data: { suspendedAt: context.now(), suspendedBy: context.actor.kind },
    });
    return { addresses: rows.map((row) => row.address) };
  },
  target: (_, { addresses }) => addresses.join(', '),
});
