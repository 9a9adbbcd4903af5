import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { DomainView } from './domain-view.ts';
import { lockDomain, readDomainView } from './require-domain.ts';

/** Whether a sign-in to POP3 or IMAP lets the domain's mailboxes send from the same address without signing in. Off ends what is open. */
export const setPopBeforeSmtp = defineOperation({
  name: 'domains.setPopBeforeSmtp',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ id: idInput, on: z.boolean() }),
  run: async (context, { id, on }): Promise<DomainView> => {
    await lockDomain(context, id);
    await context.db.domain.update({ where: { id }, data: { popBeforeSmtp: on } });
    return readDomainView(context, id);
  },
  target: (_, { name }) => name,
});
