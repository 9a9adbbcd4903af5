/**
 * Takes due entries of one destination, whole messages at a time, and books the attempt: it counts and its successor is planned
 * before anything is dialled, so a crash from here on can at worst repeat a try.
 *
 * Two index scans of (destination, next_attempt_at): the first, bounded, finds the messages that have waited longest; the second
 * locks their entries. SKIP LOCKED lets runners take different entries without waiting for one another. What is added to the
 * interval is computed from the message, so its recipients stay together from attempt to attempt.
 */
import type { Pool } from 'pg';
import { MESSAGE_COLUMNS, type MessageRow, toQueuedMessage } from './message-row.ts';
import type { LeasedEntry, LeasedMessage } from './types.ts';

export interface LeaseRequest {
  destination: string;
  now: Date;
  maxMessages: number;
  maxEntries: number;
  owner: string;
  /** By the database's clock. */
  leaseSeconds: number;
  retrySeconds: readonly number[];
}

interface LeasedRow extends MessageRow {
  id: number;
  recipient: string;
  notify: string | null;
  orcpt: string | null;
  attempts: number;
  delay_notified_at: Date | null;
}

const LEASE = `
WITH longest_waiting AS (
  SELECT message_id FROM (
    SELECT message_id, next_attempt_at FROM queue_entry
    WHERE state = 'waiting' AND destination = $1 AND next_attempt_at <= $2
    ORDER BY next_attempt_at LIMIT 500
  ) due GROUP BY message_id ORDER BY min(next_attempt_at) LIMIT $3
), picked AS (
  SELECT e.id FROM queue_entry e JOIN longest_waiting USING (message_id)
  WHERE e.state = 'waiting' AND e.destination = $1 AND e.next_attempt_at <= $2
  ORDER BY e.id LIMIT $4
  FOR UPDATE OF e SKIP LOCKED
), leased AS (
  UPDATE queue_entry e
  SET state = 'leased', lease_owner = $5, lease_until = now() + make_interval(secs => $6), attempts = e.attempts + 1, last_attempt_at = $2,
      next_attempt_at = $2::timestamptz + make_interval(secs =>
        ($7::int[])[least(e.attempts + 1, cardinality($7::int[]))]
        * (1 + ((e.message_id * 7919 + e.attempts * 104729) % 1000) / 5000.0))
  FROM picked WHERE e.id = picked.id
  RETURNING e.id, e.message_id, e.recipient, e.notify, e.orcpt, e.attempts, e.delay_notified_at
)
SELECT l.id, l.recipient, l.notify, l.orcpt, l.attempts, l.delay_notified_at, ${MESSAGE_COLUMNS}
FROM leased l JOIN queue_message m ON m.id = l.message_id
ORDER BY m.id, l.id`;

function toEntry(row: LeasedRow): LeasedEntry {
  const { id, recipient, notify, orcpt, attempts } = row;
  return { id, recipient, notify, orcpt, attempts, delayNotified: row.delay_notified_at !== null };
}

export async function leaseEntries(pool: Pool, request: LeaseRequest): Promise<LeasedMessage[]> {
  const { destination, now, maxMessages, maxEntries, owner, leaseSeconds, retrySeconds } = request;
  const { rows } = await pool.query<LeasedRow>({
    name: 'queue-lease',
    text: LEASE,
    values: [destination, now, maxMessages, maxEntries, owner, leaseSeconds, retrySeconds],
  });
  const byMessage = Map.groupBy(rows, (row) => row.message_id);
  return [...byMessage.values()].flatMap((group) =>
    group.slice(0, 1).map((row) => ({ ...toQueuedMessage(row), destination, entries: group.map(toEntry) })),
  );
}
