import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { type Context, defineOperation } from '../operation.ts';
import { type LockedQueueEntry, lockEntries, type QueueActionResult } from './lock-entries.ts';

async function traceRemoval({ db, actor, now }: Context, entries: readonly LockedQueueEntry[]): Promise<void> {
  await db.trace.createMany({
    data: entries.map(({ ref, accountId, domainId, sender, recipient }) => ({
      at: now(),
      kind: 'removed',
      ref,
      accountId,
      domainId,
      sender,
      recipient,
      detail: `deleted from the queue by ${actor.label}`,
    })),
  });
}

/** Takes entries out of the queue for good; nobody is told. One in delivery at this moment stays. */
export const deleteEntries = defineOperation({
  name: 'queue.delete',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<QueueActionResult> => {
    const entries = (await lockEntries(context, ids)).filter(({ state }) => state !== 'leased');
    const messageIds = entries.map(({ messageId }) => messageId);
    await context.db.$executeRaw`DELETE FROM queue_entry WHERE id = ANY (${entries.map(({ id }) => id)}::bigint[])`;
    await context.db.$executeRaw`DELETE FROM queue_message m WHERE id = ANY (${messageIds}::bigint[])
      AND NOT EXISTS (SELECT FROM queue_entry e WHERE e.message_id = m.id)`;
    await traceRemoval(context, entries);
    return { changed: entries.length, skipped: ids.length - entries.length };
  },
  target: ({ ids }) => ids.join(', '),
});
