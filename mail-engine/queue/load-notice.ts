/** A DSN that is owed: the message it is about and what to say of each recipient. */
import type { Pool } from 'pg';
import { MESSAGE_COLUMNS, type MessageRow, toQueuedMessage } from './message-row.ts';
import type { Notice, QueuedMessage } from './types.ts';

export interface NoticeEntry {
  recipient: string;
  orcpt: string | null;
  notice: Notice;
}

export interface OwedNotice {
  ref: string;
  message: QueuedMessage;
  entries: readonly NoticeEntry[];
}

const LOAD = `
SELECT e.recipient, e.orcpt, e.notice, ${MESSAGE_COLUMNS}
FROM queue_entry e JOIN queue_message m ON m.id = e.message_id
WHERE e.notice_ref = $1 ORDER BY e.id`;

/** Undefined where somebody else has just sent it. */
export async function loadNotice(pool: Pool, ref: string): Promise<OwedNotice | undefined> {
  const { rows } = await pool.query<MessageRow & NoticeEntry>(LOAD, [ref]);
  const [first] = rows;
  if (!first) return undefined;
  const entries = rows.map(({ recipient, orcpt, notice }) => ({ recipient, orcpt, notice }));
  return { ref, message: toQueuedMessage(first), entries };
}
