import { z } from 'zod';
import { RESUMED, requireMayResume } from '../actor/suspension.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { lockDomains } from './require-domain.ts';

export const resumeDomains = defineOperation({
  name: 'domains.resume',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ names: string[] }> => {
    const rows = await lockDomains(context, ids);
    requireMayResume(context.actor, rows);
    await context.db.domain.updateMany({ where: { id: { in: ids } }, data: RESUMED });
    return { names: rows.map((row) => row.name) };
  },
  target: (_, { names }) => names.join(', '),
});
