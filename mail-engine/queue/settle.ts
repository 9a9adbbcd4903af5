/**
 * Writes what became of a leased message's entries: states, notices owed and trace events in one transaction, and the message
 * itself goes with its last entry. The message's row is locked first, so that of two transactions that end its last two entries
 * the second sees that it is the last, and everything that locks entries waits in the same order.
 *
 * A success is recorded whoever holds the lease by now: the peer has the message. Anything else counts only under our own lease.
 */
import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Outcome } from '#engine/delivery/outcome.ts';
import { inTransaction } from '#server/database/pool-transaction.ts';
import type { Move } from './decide-move.ts';
import { removeEmptyMessage } from './remove-empty-message.ts';
import { insertTraces, type TraceEvent } from './trace.ts';
import type { LeasedEntry, LeasedMessage } from './types.ts';

export interface SettledEntry {
  entry: LeasedEntry;
  outcome: Outcome;
  move: Move;
}

const LOCK = `
SELECT e.id, e.state = 'leased' AND e.lease_owner = $3 AS ours
FROM queue_entry e WHERE e.message_id = $1 AND e.id = ANY ($2) AND e.state IN ('waiting', 'leased', 'held')
ORDER BY e.id FOR UPDATE`;

/** One row per entry that stays; a new notice replaces one that is not sent yet, for it says more. */
const KEEP = `
UPDATE queue_entry e
SET state = k.state::queue_state, lease_owner = NULL, lease_until = NULL, last_reply = k.reply,
    notice_ref = coalesce(k.notice_ref, e.notice_ref), notice = coalesce(k.notice::jsonb, e.notice),
    delay_notified_at = CASE WHEN k.notice IS NULL THEN e.delay_notified_at ELSE $6 END
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) AS k (id, state, reply, notice_ref, notice)
WHERE e.id = k.id`;

async function lockEntries(client: PoolClient, message: LeasedMessage, owner: string): Promise<Map<number, boolean>> {
  await client.query('SELECT FROM queue_message WHERE id = $1 FOR UPDATE', [message.id]);
  const ids = message.entries.map(({ id }) => id);
  const { rows } = await client.query<{ id: number; ours: boolean }>(LOCK, [message.id, ids, owner]);
  return new Map(rows.map(({ id, ours }) => [id, ours]));
}

/** One DSN per kind of news: its ref is made here, and is what makes injecting it repeatable. */
function nameNotices(settled: readonly SettledEntry[]): (move: Move) => string | null {
  const refs = new Map<string, string>();
  for (const { move } of settled) {
    if ('notice' in move && move.notice) refs.set(move.notice.action, `dsn-${randomBytes(9).toString('hex')}`);
  }
  return (move) => ('notice' in move && move.notice ? (refs.get(move.notice.action) ?? null) : null);
}

async function keepEntries(client: PoolClient, kept: readonly SettledEntry[], now: Date): Promise<void> {
  if (kept.length === 0) return;
  const refOf = nameNotices(kept);
  const noticeOf = (move: Move) => ('notice' in move && move.notice ? JSON.stringify(move.notice) : null);
  await client.query(KEEP, [
    kept.map(({ entry }) => entry.id),
    kept.map(({ move }) => move.to),
    kept.map(({ outcome }) => outcome.reply),
    kept.map(({ move }) => refOf(move)),
    kept.map(({ move }) => noticeOf(move)),
    now,
  ]);
}

function toTrace(message: LeasedMessage, { entry, outcome, move }: SettledEntry): TraceEvent {
  const via = outcome.remoteHost === null ? '' : ` [${outcome.remoteHost}${outcome.tls ? `, ${outcome.tls}` : ''}]`;
  return {
    kind: move.trace,
    ref: message.ref,
    accountId: message.accountId,
    sender: message.sender,
    recipient: entry.recipient,
    peer: outcome.peer,
    detail: `${outcome.reply}${via}`,
  };
}

/** Returns what was really settled: without entries somebody deleted or, unless delivered, took over. */
export async function settleEntries(
  pool: Pool,
  message: LeasedMessage,
  owner: string,
  settled: readonly SettledEntry[],
  now: Date,
): Promise<SettledEntry[]> {
  return inTransaction(pool, async (client) => {
    const locked = await lockEntries(client, message, owner);
    const valid = settled.filter(
      ({ entry, outcome }) => locked.get(entry.id) === true || (locked.has(entry.id) && outcome.kind === 'delivered'),
    );
    const removed = valid.filter(({ move }) => move.to === 'removed').map(({ entry }) => entry.id);
    if (removed.length > 0) await client.query('DELETE FROM queue_entry WHERE id = ANY ($1)', [removed]);
    await keepEntries(
      client,
      valid.filter(({ move }) => move.to !== 'removed'),
      now,
    );
    await insertTraces(
      client,
      valid.map((entry) => toTrace(message, entry)),
      now,
    );
    if (removed.length > 0) await removeEmptyMessage(client, message.id);
    return valid;
  });
}
