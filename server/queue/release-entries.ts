import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { idsIn, lockEntries, type QueueActionResult, wakeQueue } from './lock-entries.ts';

/**
 * Lets held entries go: at once, or when their sender wants it. One held for longer than it may be tried is tried once more. What a
 * send limit holds stays for all but admins: it goes with its mailbox (`held-mail/release-held.ts`).
 */
export const releaseEntries = defineOperation({
  name: 'queue.release',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<QueueActionResult> => {
    const entries = await lockEntries(context, ids);
    const seesAll = context.actor.kind === 'admin' || context.actor.kind === 'system';
    const changed = await context.db.$executeRaw`
      UPDATE queue_entry e SET state = 'waiting', hold_reason = NULL, next_attempt_at = greatest(m.not_before, ${context.now()})
      FROM queue_message m WHERE m.id = e.message_id AND e.id = ANY (${idsIn(entries, 'held')}) AND (${seesAll} OR e.hold_reason IS NULL)`;
    await wakeQueue(context, '');
    return { changed, skipped: ids.length - changed };
  },
  target: ({ ids }) => ids.join(', '),
});
