import { z } from 'zod';
import { notFound } from '../../actor/errors.ts';
import { defineOperation } from '../../operation.ts';
import { type Preferences, parsePreferences } from './preferences.ts';
import { requireOwnAccount } from './require-own-account.ts';

export interface WebmailAccount {
  address: string;
  /** The preferred name, else the one the mailbox was made with. */
  name: string;
  preferences: Preferences;
}

/** The caller's own address, name and webmail preferences. */
export const readPreferences = defineOperation({
  name: 'webmail.readPreferences',
  allow: ['mailbox-owner'],
  input: z.object({}),
  kind: 'read',
  run: async ({ db, actor }): Promise<WebmailAccount> => {
    const account = await db.account.findUnique({ where: { id: requireOwnAccount(actor) } });
    if (!account) throw notFound('mailbox');
    const chosen = parsePreferences(account.preferences);
    return { address: account.address, name: chosen.displayName || account.displayName, preferences: chosen };
  },
});
