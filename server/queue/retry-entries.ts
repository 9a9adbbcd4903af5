import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { idsIn, lockEntries, type QueueActionResult, wakeQueue } from './lock-entries.ts';

/** Tries waiting entries now. The schedule goes on from there. What its sender wants to leave later is skipped. */
export const retryEntries = defineOperation({
  name: 'queue.retry',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<QueueActionResult> => {
    const entries = await lockEntries(context, ids);
    const changed = await context.db.$executeRaw`
      UPDATE queue_entry e SET next_attempt_at = ${context.now()} FROM queue_message m
      WHERE m.id = e.message_id AND e.id = ANY (${idsIn(entries, 'waiting')})
        AND (m.not_before IS NULL OR m.not_before <= ${context.now()})`;
    await wakeQueue(context, 'retry');
    return { changed, skipped: ids.length - changed };
  },
  target: ({ ids }) => ids.join(', '),
});
