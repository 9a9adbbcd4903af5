import { z } from 'zod';
import { notFound } from '../actor/errors.ts';
import { forgetFailures } from '../auth/throttle.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';

export interface BansResult {
  networks: string[];
}

interface Lifted {
  network: string;
  /** Its first. */
  address: string;
}

/** Ends bans, and forgets the failures that made them. */
export const liftBans = defineOperation({
  name: 'bans.lift',
  allow: ['admin'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async ({ db, now }, { ids }): Promise<BansResult> => {
    const lifted = await db.$queryRaw<Lifted[]>`
      UPDATE sign_in_ban SET lifted_at = ${now()}::timestamptz WHERE id = ANY (${ids}::bigint[]) AND lifted_at IS NULL
      RETURNING abbrev(network) AS network, host(network) AS address`;
    if (lifted.length === 0) throw notFound('ban');
    for (const { address } of lifted) await forgetFailures(db, address);
    return { networks: lifted.map(({ network }) => network) };
  },
  target: (_, { networks }) => networks.join(', '),
});
