import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { personNameInput } from '../input/text.ts';
import { defineOperation } from '../operation.ts';

/** Changes the name the signed-in person goes by. The login is changed by who administers them. */
export const updateProfile = defineOperation({
  name: 'profile.update',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'write',
  input: z.object({ name: personNameInput }),
  run: async ({ db, actor }, { name }): Promise<{ name: string }> => {
    if (actor.kind === 'system') throw new OperationError('forbidden', 'The system is no person.');
    if (actor.kind === 'mailbox-owner') {
      await db.account.updateMany({ where: { id: actor.accountId, deletedAt: null }, data: { displayName: name } });
    } else {
      await db.operator.updateMany({ where: { id: actor.operatorId, deletedAt: null }, data: { name } });
    }
    return { name };
  },
});
