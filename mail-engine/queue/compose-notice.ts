/**
 * A DSN out of what the queue owes (RFC 3464). The whole message goes back only where it failed and its sender asked for that
 * (RET=FULL, RFC 3461 §4.3), else its header, so that a forged sender is not sent what others wrote to it. Streams.
 */
import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { composeDsn } from '#engine/wire/dsn/compose.ts';
import type { DsnRecipient } from '#engine/wire/dsn/types.ts';
import type { NoticeEntry, OwedNotice } from './load-notice.ts';
import { readQueueBody } from './message-body.ts';
import { readMessageHeader } from './message-header.ts';
import type { QueuedMessage } from './types.ts';

export interface ComposedNotice {
  sizeBytes: number;
  open: () => AsyncIterable<Buffer>;
}

const MESSAGE_ID = /^message-id:\s*(<[^<>\s]{1,250}>)/im;

function toRecipient({ recipient, orcpt, notice }: NoticeEntry, message: QueuedMessage): DsnRecipient {
  return {
    finalRecipient: recipient,
    originalRecipient: orcpt,
    action: notice.action,
    status: notice.status,
    ...(notice.spoken ? { diagnosticCode: notice.diagnostic } : { reason: notice.diagnostic }),
    remoteMta: notice.remoteHost,
    lastAttempt: new Date(notice.lastAttemptAt),
    willRetryUntil: message.expiresAt,
  };
}

export async function composeNotice(
  pool: Pool,
  { ref, message, entries }: OwedNotice,
  { hostname, now }: { hostname: string; now: Date },
): Promise<ComposedNotice> {
  const header = await readMessageHeader(pool, message);
  // What may not travel without TLS is not sent back with its content (RFC 8689 §5).
  const full =
    message.ret === 'FULL' && !message.requireTls && entries.some(({ notice }) => notice.action === 'failed');
  const { head, tail } = composeDsn({
    reportingMta: hostname,
    envId: message.envId,
    arrival: message.createdAt,
    recipients: entries.map((entry) => toRecipient(entry, message)),
    original: { kind: full ? 'message' : 'header', eightBit: message.eightBit },
    originalMessageId: MESSAGE_ID.exec(header.toString('latin1'))?.[1] ?? null,
    from: `Mail Delivery System <postmaster@${hostname}>`,
    to: `<${message.sender}>`,
    messageId: `<${ref}@${hostname}>`,
    date: now,
    boundary: `dsn-${randomBytes(18).toString('hex')}`,
    smtpUtf8: message.smtpUtf8,
  });
  return {
    sizeBytes: head.length + tail.length + (full ? message.sizeBytes : header.length),
    open: async function* () {
      yield head;
      if (full) yield* readQueueBody(pool, message);
      else yield header;
      yield tail;
    },
  };
}
