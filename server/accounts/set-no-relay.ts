import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { AccountView } from './account-view.ts';
import { lockAccounts, readAccountView } from './require-account.ts';

/** Whether a mailbox is left out of POP-before-SMTP (vpopmail's NO_RELAY). Leaving it out ends what it has open. */
export const setNoRelay = defineOperation({
  name: 'accounts.setNoRelay',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ id: idInput, noRelay: z.boolean() }),
  run: async (context, { id, noRelay }): Promise<AccountView> => {
    await lockAccounts(context, [id]);
    await context.db.account.update({ where: { id }, data: { noRelay } });
    return readAccountView(context, id);
  },
  target: (_, { address }) => address,
});
