import { z } from 'zod';
import { RESUMED, requireMayResume } from '../actor/suspension.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { lockAccounts } from './require-account.ts';

export const resumeAccounts = defineOperation({
  name: 'accounts.resume',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ addresses: string[] }> => {
    const rows = await lockAccounts(context, ids);
    requireMayResume(context.actor, rows);
    await context.db.account.updateMany({ where: { id: { in: ids } }, data: RESUMED });
    return { addresses: rows.map((row) => row.address) };
  },
  target: (_, { addresses }) => addresses.join(', '),
});
