import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { accountIdOf, lockAccount } from './account-of.ts';

/**
 * Says whether mail programs must use app passwords, so that the mailbox's own password opens webmail alone. Mail sessions that were
 * opened with it end at once.
 */
export const requireAppPasswords = defineOperation({
  name: 'appPasswords.require',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'write',
  input: z.object({ accountId: idInput.optional(), areRequired: z.boolean() }),
  run: async (context, { accountId, areRequired }): Promise<{ address: string; areRequired: boolean }> => {
    const { id, address } = await lockAccount(context, accountIdOf(context.actor, accountId));
    await context.db.account.update({ where: { id }, data: { appPasswordsOnly: areRequired } });
    return { address, areRequired };
  },
  target: (_, { address, areRequired }) => `${address}: ${areRequired ? 'required' : 'not required'}`,
});
