import { z } from 'zod';
import { notFound } from '../actor/errors.ts';
import { revokeAllAppPasswords } from '../app-passwords/revoke-all-app-passwords.ts';
import { generatePassword, requireGoodPassword } from '../auth/password-rules.ts';
import { setAccountPassword } from '../auth/set-account-password.ts';
import { revokeSessions } from '../auth/web-session.ts';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { lockAccounts } from './require-account.ts';

export interface ResetPassword {
  address: string;
  /** Where none was given; shown this once. */
  generatedPassword: string | null;
}

/**
 * Gives a mailbox another password and signs its owner out everywhere the old one was used, webmail and mail programs. App passwords
 * go on working unless they are to be revoked too.
 */
export const resetPassword = defineOperation({
  name: 'accounts.resetPassword',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  /** Without `password` one is generated. */
  input: z.object({ id: idInput, password: z.string().optional(), revokeAppPasswords: z.boolean().default(false) }),
  run: async (context, { id, password, revokeAppPasswords }): Promise<ResetPassword> => {
    const [account] = await lockAccounts(context, [id]);
    if (!account) throw notFound('mailbox');
    const generatedPassword = password === undefined ? generatePassword() : null;
    const chosen = generatedPassword ?? password ?? '';
    requireGoodPassword(chosen, account.address);
    await setAccountPassword(context, id, chosen);
    if (revokeAppPasswords) await revokeAllAppPasswords(context, id);
    await revokeSessions(context, { accountId: id });
    return { address: account.address, generatedPassword };
  },
  target: (_, { address }) => address,
});
