import { randomUUID } from 'node:crypto';
import type { MessageFacts } from '#engine/wire/mime/types.ts';
import { formatDateTime } from '#engine/wire/smtp/received.ts';

export interface Forgetful {
  facts: MessageFacts;
  /** What Sender is to say where it is missing and needed; null: nothing. */
  sender: string | null;
  hostname: string;
  now: Date;
}

/** Date, Message-ID and Sender where a message that is sent by us lacks them (RFC 6409 §8.1 to §8.3), as CRLF-ended fields. */
export function forgottenFields({ facts, sender, hostname, now }: Forgetful): string {
  const { date, messageId } = facts.imapEnvelope;
  const fields = [
    date === null && `Date: ${formatDateTime(now)}`,
    messageId === null && `Message-ID: <${randomUUID()}@${hostname}>`,
    sender !== null && `Sender: <${sender}>`,
  ];
  return fields.map((field) => (field === false ? '' : `${field}\r\n`)).join('');
}
