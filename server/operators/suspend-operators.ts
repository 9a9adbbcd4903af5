import { z } from 'zod';
import { suspendable } from '../actor/suspension.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { lockOperators, refuseSelf, requireAdminLeft } from './require-operator.ts';

/** Suspended people cannot sign in, and those signed in are out at their next click. Their domains go on. */
export const suspendOperators = defineOperation({
  name: 'operators.suspend',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ emails: string[] }> => {
    refuseSelf(context, ids, 'suspend');
    const rows = await lockOperators(context, ids);
    const where = { id: { in: ids }, ...suspendable(context.actor) };
    await context.db.operator.updateMany({
      where,
      data: { suspendedAt: context.now(), suspendedBy: context.actor.kind },
    });
    await requireAdminLeft(context.db, rows);
    return { emails: rows.map((row) => row.email) };
  },
  target: (_, { emails }) => emails.join(', '),
});
