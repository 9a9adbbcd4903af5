import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { lockOperators } from './require-operator.ts';

export const resumeOperators = defineOperation({
  name: 'operators.resume',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ emails: string[] }> => {
    const rows = await lockOperators(context, ids);
    await context.db.operator.updateMany({ where: { id: { in: ids } }, data: { suspendedAt: null } });
    return { emails: rows.map((row) => row.email) };
  },
  target: (_, { emails }) => emails.join(', '),
});
