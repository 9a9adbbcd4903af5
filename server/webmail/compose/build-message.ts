/** A draft as the bytes of a message (RFC 5322): one build for the recipients, others for the sender's own folders. */
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Person } from '../types.ts';
import type { DraftContent } from './draft.ts';
import { renderDraftBody } from './render-body.ts';

export interface LoadedAttachment {
  filename: string;
  contentType: string;
  contentId: string | null;
  /** What it is found by in a saved draft (`part-marker.ts`). */
  marker: string;
  content: Buffer;
}

export interface OutgoingMessage {
  from: Person;
  draft: DraftContent;
  attachments: readonly LoadedAttachment[];
  messageId: string;
  date: Date;
}

/** Only the sender's own copies name Bcc; only a draft's parts are marked. */
export type MessagePurpose = 'recipients' | 'copy' | 'draft';

/** Multipart types would be parsed as structure by readers; they travel as plain bytes. */
function safeContentType(type: string): string {
  return /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/i.test(type) && !/^(?:multipart|message)\//i.test(type)
    ? type
    : 'application/octet-stream';
}

export function buildMessage(message: OutgoingMessage, purpose: MessagePurpose): Promise<Buffer> {
  const { draft } = message;
  const body = renderDraftBody(draft);
  const node = new MailComposer({
    from: message.from,
    to: draft.to,
    cc: draft.cc,
    bcc: draft.bcc,
    subject: draft.subject,
    messageId: message.messageId,
    date: message.date,
    ...(draft.inReplyTo !== null && { inReplyTo: draft.inReplyTo }),
    ...(draft.references.length > 0 && { references: draft.references }),
    text: body.text,
    ...(body.html !== undefined && { html: body.html }),
    attachments: message.attachments.map((attachment) => ({
      filename: attachment.filename,
      contentType: safeContentType(attachment.contentType),
      content: attachment.content,
      // A header of ours, as `cid` would put the file among the images of the HTML.
      ...(purpose === 'draft' && { headers: { 'Content-ID': `<${attachment.marker}>` } }),
      ...(attachment.contentId !== null && { cid: attachment.contentId, contentDisposition: 'inline' as const }),
    })),
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  node.keepBcc = purpose !== 'recipients';
  return node.build();
}
