/**
 * A message that was judged over a limit and stored after somebody had released its account is held by nobody any more: it goes.
 * (The hold's row is committed before the message it was made for, so an entry without one was released.)
 */
import type { Pool } from 'pg';

const FREE = `UPDATE queue_entry e SET state = 'waiting', hold_reason = NULL, next_attempt_at = greatest(m.not_before, $1)
  FROM queue_message m
  WHERE m.id = e.message_id AND e.state = 'held' AND e.hold_reason IS NOT NULL
    AND NOT EXISTS (SELECT FROM send_hold h WHERE h.account_id = m.account_id)`;

export async function freeStrayEntries(pool: Pool, now: Date): Promise<number> {
  return (await pool.query(FREE, [now])).rowCount ?? 0;
}
