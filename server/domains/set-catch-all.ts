import { z } from 'zod';
import { requireTargets } from '../addresses/require-address.ts';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { DomainView } from './domain-view.ts';
import { lockDomain, readDomainView } from './require-domain.ts';

/**
 * Which mailbox takes what no address of the domain takes; null: such mail is refused, and its sender knows. Taking it and throwing
 * it away is not offered: nobody would ever learn of it.
 */
export const setCatchAll = defineOperation({
  name: 'domains.setCatchAll',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ id: idInput, accountId: idInput.nullable() }),
  run: async (context, { id, accountId }): Promise<DomainView> => {
    const domain = await lockDomain(context, id);
    if (accountId !== null) await requireTargets(context, domain, [accountId], 'accountId');
    await context.db.domain.update({ where: { id }, data: { catchAllAccountId: accountId } });
    return readDomainView(context, id);
  },
  target: (_, { name }) => name,
});
