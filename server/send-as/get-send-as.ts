import { z } from 'zod';
import { readAccountView } from '../accounts/require-account.ts';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { SEND_AS_SELECT, type SendAsView, toSendAsView } from './send-as-view.ts';

/** As what a mailbox may send besides its own addresses. */
export const getSendAs = defineOperation({
  name: 'sendAs.get',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input: z.object({ accountId: idInput }),
  run: async (context, { accountId }): Promise<SendAsView[]> => {
    await readAccountView(context, accountId);
    const where = { accountId };
    const rows = await context.db.sendAsGrant.findMany({ where, select: SEND_AS_SELECT, orderBy: { id: 'asc' } });
    return rows.map(toSendAsView);
  },
});
