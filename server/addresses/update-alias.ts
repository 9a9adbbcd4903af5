import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { AliasView } from './alias-view.ts';
import { lockAliases, readAliasView, requireTargets } from './require-alias.ts';
import { targetIdsInput } from './target-ids-input.ts';

/** Replaces the mailboxes an alias delivers to. Its address is what it is: make another alias for another address. */
export const updateAlias = defineOperation({
  name: 'addresses.update',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ id: idInput, targetIds: targetIdsInput }),
  run: async (context, { id, targetIds }): Promise<AliasView> => {
    const { db } = context;
    await lockAliases(context, [id]);
    await requireTargets(context, targetIds);
    await db.addressTarget.deleteMany({ where: { addressId: id } });
    await db.addressTarget.createMany({ data: targetIds.map((accountId) => ({ addressId: id, accountId })) });
    return readAliasView(context, id);
  },
  target: (_, { address }) => address,
});
