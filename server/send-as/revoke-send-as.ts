import { z } from 'zod';
import { notFound } from '../actor/errors.ts';
import { accountScope } from '../actor/scopes.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { SEND_AS_SELECT, toSendAsView } from './send-as-view.ts';

/** Takes leave to send as something back; it holds no longer from the next message on. */
export const revokeSendAs = defineOperation({
  name: 'sendAs.revoke',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async ({ db, actor }, { ids }): Promise<{ addresses: string[] }> => {
    const where = { id: { in: ids }, account: { AND: [accountScope(actor), { deletedAt: null }] } };
    const rows = await db.sendAsGrant.findMany({ where, select: SEND_AS_SELECT, orderBy: { id: 'asc' } });
    if (rows.length !== ids.length) throw notFound('grant');
    await db.sendAsGrant.deleteMany({ where: { id: { in: ids } } });
    return { addresses: rows.map((row) => toSendAsView(row).address) };
  },
  target: (_, { addresses }) => addresses.join(', '),
});
