import { isIP } from 'node:net';
import { z } from 'zod';
import { notFound } from '../../actor/errors.ts';
import { accountScope } from '../../actor/scopes.ts';
import { defineOperation } from '../../operation.ts';

const wrong = 'This is no opening.';
const openingInput = z
  .string()
  .regex(/^[1-9]\d{0,17}@[0-9a-fA-F.:]{2,45}$/, wrong)
  .refine((id) => isIP(addressOf(id)) !== 0, wrong)
  .transform((id) => ({ accountId: BigInt(id.slice(0, id.indexOf('@'))), address: addressOf(id) }));

const input = z.object({
  ids: z.array(openingInput).min(1, 'Choose at least one.').max(500, 'Choose at most 500 at a time.'),
});

function addressOf(id: string): string {
  return id.slice(id.indexOf('@') + 1);
}

/** Ends openings now; those that have ended by themselves are passed over. The next sign-in opens anew. */
export const revokeOpenings = defineOperation({
  name: 'relayOpenings.revoke',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input,
  run: async ({ db, actor }, { ids }): Promise<{ revoked: number }> => {
    const accounts = [...new Set(ids.map(({ accountId }) => accountId))];
    const own = await db.account.count({ where: { id: { in: accounts }, ...accountScope(actor) } });
    if (own < accounts.length) throw notFound('opening');
    const { count } = await db.relayOpening.deleteMany({ where: { OR: ids } });
    if (count === 0) throw notFound('opening');
    return { revoked: count };
  },
  target: ({ ids }) => ids.map(({ address }) => address).join(', '),
});
