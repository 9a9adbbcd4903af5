import { z } from 'zod';
import { notFound } from '../actor/errors.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { BansResult } from './lift-bans.ts';

/** Takes networks off the allow-list: they are counted, slowed down and banned like all others. */
export const disallowNetworks = defineOperation({
  name: 'bans.disallow',
  allow: ['admin'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async ({ db }, { ids }): Promise<BansResult> => {
    const rows = await db.$queryRaw<{ network: string }[]>`
      DELETE FROM allowed_network WHERE id = ANY (${ids}::bigint[]) RETURNING abbrev(network) AS network`;
    if (rows.length === 0) throw notFound('network');
    return { networks: rows.map(({ network }) => network) };
  },
  target: (_, { networks }) => networks.join(', '),
});
