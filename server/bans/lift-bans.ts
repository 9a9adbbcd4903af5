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
  /** As failures are counted: `192.0.2.1/32`, `2001:db8:0:1/64`. */
  bucket: string;
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
      RETURNING abbrev(network) AS network, host(network) || '/' || masklen(network) AS bucket`;
    if (lifted.length === 0) throw notFound('ban');
    for (const { bucket } of lifted) await forgetFailures(db, bucket);
    return { networks: lifted.map(({ network }) => network) };
  },
  target: (_, { networks }) => networks.join(', '),
});
