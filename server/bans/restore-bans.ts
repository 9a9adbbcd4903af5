import { z } from 'zod';
import { notFound } from '../actor/errors.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { BansResult } from './lift-bans.ts';

/** Takes the lifting of bans back: they hold again, for what is left of their time. */
export const restoreBans = defineOperation({
  name: 'bans.restore',
  allow: ['admin'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async ({ db }, { ids }): Promise<BansResult> => {
    const rows = await db.$queryRaw<{ network: string }[]>`
      UPDATE sign_in_ban SET lifted_at = NULL WHERE id = ANY (${ids}::bigint[]) AND lifted_at IS NOT NULL
      RETURNING abbrev(network) AS network`;
    if (rows.length === 0) throw notFound('ban');
    return { networks: rows.map(({ network }) => network) };
  },
  target: (_, { networks }) => networks.join(', '),
});
