/** The columns of a queue_message and how they become a `QueuedMessage`. */
import type { QueuedMessage } from './types.ts';

export interface MessageRow {
  message_id: number;
  blob_id: number;
  prefix: Buffer;
  size: number;
  sender: string;
  env_id: string | null;
  ret: string | null;
  smtp_utf8: boolean;
  eight_bit: boolean;
  account_id: number | null;
  ref: string;
  created_at: Date;
  expires_at: Date;
  not_before: Date | null;
  require_tls: boolean;
}

/** For a SELECT over queue_message m. */
export const MESSAGE_COLUMNS = `m.id AS message_id, m.blob_id, m.prefix, m.size, m.sender, m.env_id, m.ret, m.smtp_utf8,
  m.eight_bit, m.account_id, m.ref, m.created_at, m.expires_at, m.not_before, m.require_tls`;

export function toQueuedMessage(row: MessageRow): QueuedMessage {
  return {
    id: row.message_id,
    blobId: row.blob_id,
    prefix: row.prefix,
    sizeBytes: row.size,
    sender: row.sender,
    envId: row.env_id,
    ret: row.ret,
    smtpUtf8: row.smtp_utf8,
    eightBit: row.eight_bit,
    accountId: row.account_id,
    ref: row.ref,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    notBefore: row.not_before,
    requireTls: row.require_tls,
  };
}
