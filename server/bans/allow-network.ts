import { z } from 'zod';
import { networkInput } from '../input/network.ts';
import { line } from '../input/text.ts';
import { defineOperation } from '../operation.ts';

/** From now on the network is neither slowed down nor banned, whatever bans there are. Allowed already, it gets this note. */
export const allowNetwork = defineOperation({
  name: 'bans.allow',
  allow: ['admin'],
  kind: 'write',
  input: z.object({ network: networkInput, note: line(200).default('') }),
  run: async ({ db, actor, now }, { network, note }): Promise<{ network: string }> => {
    await db.$executeRaw`
      INSERT INTO allowed_network (network, note, created_at, created_by)
      VALUES (network(${network}::inet), ${note}, ${now()}::timestamptz, ${actor.label})
      ON CONFLICT (network) DO UPDATE SET note = excluded.note`;
    return { network };
  },
  target: (_, { network }) => network,
});
