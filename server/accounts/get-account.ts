import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { readAccountView } from './require-account.ts';

/** A mailbox owner may get its own. */
export const getAccount = defineOperation({
  name: 'accounts.get',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'read',
  input: z.object({ id: idInput }),
  run: (context, { id }) => readAccountView(context, id),
});
