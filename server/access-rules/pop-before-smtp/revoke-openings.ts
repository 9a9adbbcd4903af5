import { z } from 'zod';
import { notFound } from '../../actor/errors.ts';
import { domainScope } from '../../actor/scopes.ts';
import { idInput } from '../../input/id.ts';
import { defineOperation } from '../../operation.ts';
import { clientAddressInput } from '../inputs.ts';

const input = z.object({
  openings: z
    .array(z.object({ address: clientAddressInput, accountId: idInput }))
    .min(1, 'Choose at least one.')
    .max(500, 'Choose at most 500 at a time.'),
});

/** Ends openings now; those that are no longer there, or not the actor's, are passed over. The next sign-in opens anew. */
export const revokeOpenings = defineOperation({
  name: 'relayOpenings.revoke',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input,
  run: async ({ db, actor }, { openings }): Promise<{ revoked: number }> => {
    const { count } = await db.relayOpening.deleteMany({
      where: {
        OR: openings.map(({ address, accountId }) => ({ address, accountId })),
        account: { domain: domainScope(actor) },
      },
    });
    if (count === 0) throw notFound('opening');
    return { revoked: count };
  },
  target: ({ openings }) => openings.map(({ address }) => address).join(', '),
});
