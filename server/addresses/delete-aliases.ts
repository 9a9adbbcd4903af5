import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { AliasView } from './alias-view.ts';
import { lockAliases } from './require-alias.ts';

/** Removes aliases at once; returns what they were, so that creating them again undoes it. */
export const deleteAliases = defineOperation({
  name: 'addresses.delete',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ aliases: AliasView[] }> => {
    const aliases = await lockAliases(context, ids);
    await context.db.address.deleteMany({ where: { id: { in: ids } } });
    return { aliases };
  },
  target: (_, { aliases }) => aliases.map((alias) => alias.address).join(', '),
});
