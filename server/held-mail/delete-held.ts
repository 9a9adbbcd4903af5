import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { heldIdsInput, heldOf, idsOf } from './held-id.ts';
import { countHeld, lockHeldMessages, lockHolds } from './lock-held.ts';
import type { HeldResult } from './release-held.ts';

/** Takes held mail out of the queue for good; nobody is told. Its mailbox, or its domain's forwards, stay held until they are released. */
export const deleteHeld = defineOperation({
  name: 'heldMail.delete',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: heldIdsInput }),
  run: async (context, { ids }): Promise<HeldResult> => {
    const { db, actor, now } = context;
    const holds = await lockHolds(context, ids);
    await lockHeldMessages(context, ids);
    let messages = 0;
    for (const { held } of holds) messages += (await countHeld(context, held)).messages;
    const held = holds.map((hold) => hold.held);
    const [accountIds, domainIds] = [idsOf('account', held), idsOf('domain', held)];
    await db.$executeRaw`
      WITH gone AS (
        DELETE FROM queue_entry e USING queue_message m
        WHERE m.id = e.message_id AND ${heldOf(held)}
        RETURNING m.ref, m.account_id, m.forwarding_domain_id, m.sender, e.recipient)
      INSERT INTO trace (at, kind, ref, account_id, domain_id, sender, recipient, detail)
      SELECT ${now()}, 'removed', g.ref, g.account_id, coalesce(a.domain_id, g.forwarding_domain_id), g.sender, g.recipient,
        ${`held, and deleted from the queue by ${actor.label}`}
      FROM gone g LEFT JOIN account a ON a.id = g.account_id`;
    await db.$executeRaw`DELETE FROM queue_message m
      WHERE (account_id = ANY (${accountIds}::bigint[]) OR forwarding_domain_id = ANY (${domainIds}::bigint[]))
      AND NOT EXISTS (SELECT FROM queue_entry e WHERE e.message_id = m.id)`;
    await db.sendHold.updateMany({
      where: { OR: [{ accountId: { in: accountIds } }, { forwardingDomainId: { in: domainIds } }] },
      data: { heldMessages: 0, heldBytes: 0 },
    });
    return { names: holds.map(({ name }) => name), messages };
  },
  target: (_, { names }) => names.join(', '),
});
