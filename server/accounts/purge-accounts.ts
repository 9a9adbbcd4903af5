import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { lockAccounts } from './require-account.ts';

/** Removes deleted mailboxes for good: they can no longer be restored, and upkeep removes their mail. */
export const purgeAccounts = defineOperation({
  name: 'accounts.purge',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ addresses: string[] }> => {
    const rows = await lockAccounts(context, ids, { deleted: true });
    await context.db.account.updateMany({ where: { id: { in: ids } }, data: { purgeAfter: context.now() } });
    return { addresses: rows.map((row) => row.address) };
  },
  target: (_, { addresses }) => addresses.join(', '),
});
