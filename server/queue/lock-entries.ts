/**
 * Entries an action is applied to, locked: messages first and in order, as the engine does when it settles them, so that neither
 * waits for the other for ever.
 */
import { notFound } from '../actor/errors.ts';
import { Prisma } from '../database/prisma.ts';
import type { Context } from '../operation.ts';
import { type QueueEntryState, visibleEntries } from './entry-view.ts';

export interface LockedQueueEntry {
  id: bigint;
  messageId: bigint;
  state: QueueEntryState;
  sender: string;
  recipient: string;
  ref: string;
  accountId: bigint | null;
  domainId: bigint | null;
}

/** What became of the entries chosen. */
export interface QueueActionResult {
  changed: number;
  /** Left as they are: in a state the action is not for, or gone meanwhile. */
  skipped: number;
}

/**
 * Throws `not-found` where one is not the actor's to see. To admins, who see all, a missing one is one that has left the queue
 * since they looked: it is passed over while there are others.
 */
export async function lockEntries({ db, actor }: Context, ids: readonly bigint[]): Promise<LockedQueueEntry[]> {
  await db.$queryRaw`SELECT id FROM queue_message WHERE id IN (SELECT message_id FROM queue_entry WHERE id = ANY (${ids}::bigint[]))
    ORDER BY id FOR UPDATE`;
  const entries = await db.$queryRaw<LockedQueueEntry[]>`
    SELECT e.id, e.message_id AS "messageId", e.state::text, m.sender, e.recipient, m.ref, m.account_id AS "accountId",
      a.domain_id AS "domainId"
    FROM ${visibleEntries(actor)} AND e.id = ANY (${ids}::bigint[]) ORDER BY e.id FOR UPDATE OF e`;
  const seesAll = actor.kind === 'admin' || actor.kind === 'system';
  if (entries.length === 0 || (!seesAll && entries.length < ids.length)) throw notFound('queue entry');
  return entries;
}

/** Tells running engines to look: `retry` has them try unreachable destinations too. */
export async function wakeQueue({ db }: Context, payload: '' | 'retry'): Promise<void> {
  await db.$queryRaw`SELECT pg_notify('mailstead_queue', ${payload})::text`;
}

/** Ids of the entries in one of `states`, for an UPDATE. */
export function idsIn(entries: readonly LockedQueueEntry[], ...states: QueueEntryState[]): Prisma.Sql {
  const ids = entries.filter(({ state }) => states.includes(state)).map(({ id }) => id);
  return Prisma.sql`${ids}::bigint[]`;
}
