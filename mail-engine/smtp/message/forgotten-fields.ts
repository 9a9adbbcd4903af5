import { randomUUID } from 'node:crypto';
import type { MessageFacts } from '#engine/wire/mime/types.ts';
import { formatDateTime } from '#engine/wire/smtp/received.ts';

/** Date and Message-ID where a submission has none (RFC 6409 §8.2, §8.3), as CRLF-ended fields. */
export function forgottenFields(facts: MessageFacts, hostname: string, now: Date): string {
  const { date, messageId } = facts.imapEnvelope;
  const dateField = date === null ? `Date: ${formatDateTime(now)}\r\n` : '';
  return messageId === null ? `${dateField}Message-ID: <${randomUUID()}@${hostname}>\r\n` : dateField;
}
