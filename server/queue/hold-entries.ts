import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { idsIn, lockEntries, type QueueActionResult } from './lock-entries.ts';

/** Keeps waiting entries from being tried until they are released. One in delivery at this moment goes on. */
export const holdEntries = defineOperation({
  name: 'queue.hold',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<QueueActionResult> => {
    const entries = await lockEntries(context, ids);
    const changed = await context.db.$executeRaw`
      UPDATE queue_entry SET state = 'held' WHERE id = ANY (${idsIn(entries, 'waiting')})`;
    return { changed, skipped: ids.length - changed };
  },
  target: ({ ids }) => ids.join(', '),
});
