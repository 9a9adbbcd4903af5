import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { lockDomains } from './require-domain.ts';

/** Removes deleted domains for good: they can no longer be restored, and upkeep removes their mail. Frees their names at once. */
export const purgeDomains = defineOperation({
  name: 'domains.purge',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ names: string[] }> => {
    const rows = await lockDomains(context, ids, { deleted: true });
    const data = { purgeAfter: context.now() };
    await context.db.domain.updateMany({ where: { id: { in: ids } }, data });
    await context.db.account.updateMany({ where: { domainId: { in: ids } }, data });
    return { names: rows.map((row) => row.name) };
  },
  target: (_, { names }) => names.join(', '),
});
