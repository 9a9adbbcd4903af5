import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { OperationError } from '../../actor/errors.ts';
import type { MailClient } from '../connection/mail-client.ts';
import type { OpenedMessage } from '../types.ts';
import { cleanText, toFlags, toIsoDate, toPeople } from './message-row.ts';
import { readParts } from './structure.ts';

export interface MessageRef {
  folder: string;
  uid: number;
}

const QUERY = { uid: true, flags: true, envelope: true, internalDate: true, size: true, bodyStructure: true };

/** One message of the selected folder with envelope and structure. */
export async function requireMessage(client: ImapFlow, uid: number, headers?: string[]): Promise<FetchMessageObject> {
  const message = await client.fetchOne(String(uid), { ...QUERY, ...(headers && { headers }) }, { uid: true });
  if (!message) throw new OperationError('not-found', 'This message is no longer in the folder.');
  return message;
}

export function toOpenedMessage(folder: string, message: FetchMessageObject): OpenedMessage {
  const { envelope, bodyStructure } = message;
  const parts = bodyStructure ? readParts(bodyStructure) : { html: null, attachments: [] };
  return {
    folder,
    uid: message.uid,
    ...toFlags(message.flags),
    from: toPeople(envelope?.from),
    replyTo: toPeople(envelope?.replyTo),
    to: toPeople(envelope?.to),
    cc: toPeople(envelope?.cc),
    bcc: toPeople(envelope?.bcc),
    subject: cleanText(envelope?.subject, 2_000),
    date: toIsoDate(envelope?.date ?? message.internalDate),
    sizeBytes: message.size ?? 0,
    messageId: envelope?.messageId ?? '',
    hasHtml: parts.html !== null,
    attachments: parts.attachments,
  };
}

/** What the reading pane shows around the body; the body itself has its own document. */
export function openMessage(mail: MailClient, { folder, uid }: MessageRef): Promise<OpenedMessage> {
  return mail.inFolder(folder, async (client) => toOpenedMessage(folder, await requireMessage(client, uid)));
}
