import { z } from 'zod';
import { RESUMED, requireMayResume } from '../actor/suspension.ts';
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
    requireMayResume(context.actor, rows);
    await context.db.operator.updateMany({ where: { id: { in: ids } }, data: RESUMED });
    return { emails: rows.map((row) => row.email) };
  },
  target: (_, { emails }) => emails.join(', '),
});
