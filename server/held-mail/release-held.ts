/**
 * Lets held mail of mailboxes and held forwards of domains go, and those send or forward again. It may be done by whoever sets the
 * limit that was reached: a domain owner for a mailbox's own, a reseller for a domain's too, an admin for all. What goes counts
 * against the limits above that the actor does not set, and is refused where they have no room: nobody lets through more than those
 * above allow. What was released is not judged again.
 *
 * A mailbox begins anew, and so does the scope whose limit was reached; or the very next message would be held again.
 */
import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { type Context, defineOperation } from '../operation.ts';
import { wakeQueue } from '../queue/lock-entries.ts';
import { defaultLimits, describeExcess, effectiveLimits, type SendScope } from '../send-limits/measures.ts';
import { findExcess, scopeKey } from '../send-limits/plan-admissions.ts';
import { governs, readOwnLimits } from '../send-limits/require-scope.ts';
import { add, noUsage, type Usage } from '../send-limits/usage.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import { heldIdsInput, heldOf, idsOf } from './held-id.ts';
import { countHeld, type LockedHold, lockHeldMessages, lockHolds, readUsage } from './lock-held.ts';
import { rememberRecipients } from './remember-recipients.ts';

export interface HeldResult {
  /** Of mailboxes their addresses; in words where forwards of a domain were held. */
  names: string[];
  messages: number;
}

function requireGovernor({ actor }: Context, { name, excess }: LockedHold): void {
  if (governs(actor, excess.scope)) return;
  throw new OperationError('forbidden', `${name}: ${describeExcess(excess)}. Ask those who host you to release it.`);
}

/** Counts what goes where the actor has no say, and clears what is to begin anew. */
async function settleUsage(context: Context, hold: LockedHold, usage: Map<string, Usage>): Promise<number> {
  const { db, actor, now } = context;
  const defaults = defaultLimits(await readSettings(db));
  const { kind, id: holderId } = hold.held;
  const held = await countHeld(context, hold.held);
  const firstTime = kind === 'account' ? await rememberRecipients(context, holderId) : 0;
  const sending = { ...held, firstTime };
  const change = (scope: SendScope, id: number, to: Usage): void => void usage.set(scopeKey(scope, id), to);
  for (const [scope, id] of hold.scopes) {
    const used = usage.get(scopeKey(scope, id)) ?? noUsage(now());
    if (governs(actor, scope)) {
      if (scope === 'account' || scope === hold.excess.scope) change(scope, id, noUsage(used.countedAt));
      continue;
    }
    const limits = effectiveLimits(await readOwnLimits(db, scope, BigInt(id)), defaults[scope]);
    const excess = findExcess(used, limits, sending, scope);
    if (excess) {
      throw new OperationError(
        'limit-reached',
        `${hold.name}: ${describeExcess(excess)}. Release it later, or delete it.`,
      );
    }
    change(scope, id, add(used, sending));
  }
  return held.messages;
}

async function writeUsage({ db }: Context, usage: ReadonlyMap<string, Usage>): Promise<void> {
  for (const [key, { countedAt, buckets }] of usage) {
    const [scope = '', id = ''] = key.split(':');
    await db.sendUsage.update({
      where: { scope_scopeId: { scope, scopeId: BigInt(id) } },
      data: { countedAt, buckets: { ...buckets } as never },
    });
  }
}

export const releaseHeld = defineOperation({
  name: 'heldMail.release',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: heldIdsInput }),
  run: async (context, { ids }): Promise<HeldResult> => {
    const { db, now } = context;
    const holds = await lockHolds(context, ids);
    for (const hold of holds) requireGovernor(context, hold);
    const usage = await readUsage(context, holds);
    await lockHeldMessages(context, ids);
    let messages = 0;
    for (const hold of holds) messages += await settleUsage(context, hold, usage);
    await writeUsage(context, usage);
    const freed = holds.map(({ held }) => held);
    await db.$executeRaw`
      UPDATE queue_entry e SET state = 'waiting', hold_reason = NULL, next_attempt_at = greatest(m.not_before, ${now()})
      FROM queue_message m WHERE m.id = e.message_id AND ${heldOf(freed)}`;
    await db.sendHold.deleteMany({
      where: {
        OR: [{ accountId: { in: idsOf('account', freed) } }, { forwardingDomainId: { in: idsOf('domain', freed) } }],
      },
    });
    await wakeQueue(context, '');
    return { names: holds.map(({ name }) => name), messages };
  },
  target: (_, { names }) => names.join(', '),
});
