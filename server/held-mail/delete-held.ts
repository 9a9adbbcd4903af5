import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { countHeld, lockHeldMessages, lockHolds } from './lock-held.ts';
import type { HeldResult } from './release-held.ts';

/** Takes the held mail of mailboxes out of the queue for good; nobody is told. The mailboxes stay held until they are released. */
export const deleteHeld = defineOperation({
  name: 'heldMail.delete',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<HeldResult> => {
    const { db, actor, now } = context;
    const holds = await lockHolds(context, ids);
    await lockHeldMessages(context, ids);
    let messages = 0;
    for (const { id } of holds) messages += (await countHeld(context, id)).messages;
    const held = holds.map(({ id }) => id);
    await db.$executeRaw`
      WITH gone AS (
        DELETE FROM queue_entry e USING queue_message m
        WHERE m.id = e.message_id AND m.account_id = ANY (${held}::bigint[]) AND e.state = 'held' AND e.hold_reason IS NOT NULL
        RETURNING m.ref, m.account_id, m.sender, e.recipient)
      INSERT INTO trace (at, kind, ref, account_id, domain_id, sender, recipient, detail)
      SELECT ${now()}, 'removed', g.ref, g.account_id, a.domain_id, g.sender, g.recipient,
        ${`held, and deleted from the queue by ${actor.label}`}
      FROM gone g JOIN account a ON a.id = g.account_id`;
    await db.$executeRaw`DELETE FROM queue_message m WHERE account_id = ANY (${held}::bigint[])
      AND NOT EXISTS (SELECT FROM queue_entry e WHERE e.message_id = m.id)`;
    await db.sendHold.updateMany({ where: { accountId: { in: held } }, data: { heldMessages: 0, heldBytes: 0 } });
    return { addresses: holds.map(({ address }) => address), messages };
  },
  target: (_, { addresses }) => addresses.join(', '),
});
