import { z } from 'zod';
import { refuseDuplicates } from '../database/unique-violation.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { EMAIL_TAKEN } from './create-operator.ts';
import { lockOperators } from './require-operator.ts';

/** Undoes `operators.delete`; `conflict` when somebody else has the email by now. */
export const restoreOperators = defineOperation({
  name: 'operators.restore',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ emails: string[] }> => {
    const rows = await lockOperators(context, ids, { deleted: true });
    const restored = context.db.operator.updateMany({ where: { id: { in: ids } }, data: { deletedAt: null } });
    await refuseDuplicates(restored, 'email', EMAIL_TAKEN);
    return { emails: rows.map((row) => row.email) };
  },
  target: (_, { emails }) => emails.join(', '),
});
