/**
 * Entries that a send limit held and no hold holds any more. A message that was judged over a limit and stored after somebody had
 * released its account goes (the hold's row is committed before the message it was made for, so an entry without one was released).
 * What belongs to an account, or was forwarded by a domain, that was removed for good is removed too: nobody is left to release it.
 */
import type { Pool } from 'pg';

const STRAY = `e.state = 'held' AND e.hold_reason IS NOT NULL AND m.id = e.message_id
  AND NOT EXISTS (SELECT FROM send_hold h
    WHERE h.account_id = m.account_id OR h.forwarding_domain_id = m.forwarding_domain_id)`;

const HAS_OWNER = `(EXISTS (SELECT FROM account a WHERE a.id = m.account_id)
  OR EXISTS (SELECT FROM domain d WHERE d.id = m.forwarding_domain_id))`;

const FREE = `UPDATE queue_entry e SET state = 'waiting', hold_reason = NULL, next_attempt_at = greatest(m.not_before, $1)
  FROM queue_message m WHERE ${STRAY} AND ${HAS_OWNER}`;

/** Whole messages: all entries of such a message are held. */
const REMOVE = `DELETE FROM queue_message WHERE id IN (SELECT m.id FROM queue_message m JOIN queue_entry e ON ${STRAY}
  AND NOT ${HAS_OWNER})`;

/** Returns how many entries go. */
export async function settleStrayEntries(pool: Pool, now: Date): Promise<number> {
  await pool.query(REMOVE);
  return (await pool.query(FREE, [now])).rowCount ?? 0;
}
