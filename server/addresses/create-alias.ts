import { z } from 'zod';
import { refuseDuplicates } from '../database/unique-violation.ts';
import { lockDomain } from '../domains/require-domain.ts';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { AliasView } from './alias-view.ts';
import { localPartInput } from './local-part-input.ts';
import { readAliasView, requireTargets } from './require-alias.ts';
import { ADDRESS_TAKEN } from './take-address.ts';
import { targetIdsInput } from './target-ids-input.ts';

/** An address that delivers to one or more mailboxes. `conflict` on `localPart` when it is taken. */
export const createAlias = defineOperation({
  name: 'addresses.create',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ domainId: idInput, localPart: localPartInput, targetIds: targetIdsInput }),
  run: async (context, { domainId, localPart, targetIds }): Promise<AliasView> => {
    const { db, now } = context;
    await lockDomain(context, domainId);
    await requireTargets(context, targetIds);
    const targets = { create: targetIds.map((accountId) => ({ accountId })) };
    const data = { domainId, localPart, kind: 'alias' as const, createdAt: now(), targets };
    const created = db.address.create({ data, select: { id: true } });
    const { id } = await refuseDuplicates(created, 'localPart', ADDRESS_TAKEN);
    return readAliasView(context, id);
  },
  target: (_, { address }) => address,
});
