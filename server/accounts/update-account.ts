import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { displayNameInput, limitInput, quotaInput } from '../input/text.ts';
import { defineOperation } from '../operation.ts';
import type { AccountView } from './account-view.ts';
import { lockAccounts, readAccountView } from './require-account.ts';

const input = z.object({
  id: idInput,
  displayName: displayNameInput.optional(),
  /** Below what is used: no new mail is taken until there is room; nothing is removed. */
  quotaBytes: quotaInput.optional(),
  /** Messages it takes in an hour and in a day; null: as the settings say, 0: any number. */
  receivePerHour: limitInput.optional(),
  receivePerDay: limitInput.optional(),
});

/** Changes what is given and leaves the rest. */
export const updateAccount = defineOperation({
  name: 'accounts.update',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input,
  run: async (context, { id, displayName, quotaBytes, receivePerHour, receivePerDay }): Promise<AccountView> => {
    await lockAccounts(context, [id]);
    const data = {
      ...(displayName !== undefined && { displayName }),
      ...(receivePerHour !== undefined && { receivePerHour }),
      ...(receivePerDay !== undefined && { receivePerDay }),
      ...(quotaBytes !== undefined && { quotaBytes: BigInt(quotaBytes) }),
    };
    await context.db.account.update({ where: { id }, data });
    return readAccountView(context, id);
  },
  target: (_, { address }) => address,
});
