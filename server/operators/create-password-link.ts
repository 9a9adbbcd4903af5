import { z } from 'zod';
import { issuePasswordLink } from '../auth/password-link.ts';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { requireOperator } from './require-operator.ts';

export interface PasswordLinkResult {
  email: string;
  /** To be put behind the link page's address and handed over; shown this once. */
  token: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** A one-time link with which the person sets a password; earlier links end. The present password stays good until then. */
export const createPasswordLink = defineOperation({
  name: 'operators.createPasswordLink',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input: z.object({ id: idInput }),
  run: async (context, { id }): Promise<PasswordLinkResult> => {
    const { email } = await requireOperator(context, id);
    const { token, expiresAt } = await issuePasswordLink(context, id);
    return { email, token, expiresAt: expiresAt.toISOString() };
  },
  target: (_, { email }) => email,
});
