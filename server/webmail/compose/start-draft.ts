/** A draft to begin with: an answer, a forward, or a saved draft reopened. */
import { randomUUID } from 'node:crypto';
import type { FetchMessageObject } from 'imapflow';
import type { MailClient } from '../connection/mail-client.ts';
import { type MessageRef, requireMessage, toOpenedMessage } from '../messages/open-message.ts';
import { readTextPart, renderBody } from '../messages/read-body.ts';
import { readParts } from '../messages/structure.ts';
import type { AttachmentInfo, Person } from '../types.ts';
import { type DraftAttachment, type DraftContent, EMPTY_DRAFT, toOwnMessageId } from './draft.ts';
import { quoteForward, quoteReply } from './quote.ts';
import { splitDraftHtml } from './render-body.ts';
import { chooseRecipients, chooseSender, joinReferences, prefixSubject, type ReplyMode } from './reply.ts';

const REFERENCE_HEADERS = ['References', 'In-Reply-To'];

function toDraftAttachment(ref: MessageRef, attachment: AttachmentInfo): DraftAttachment {
  const { part, filename, contentType, sizeBytes, contentId, inline } = attachment;
  const source = { kind: 'part' as const, ...ref, part };
  return { id: randomUUID(), filename, contentType, sizeBytes, contentId: inline ? contentId : null, source };
}

function readHeader(message: FetchMessageObject, name: string): string {
  const unfolded = (message.headers?.toString('latin1') ?? '').replace(/\r?\n[ \t]+/g, ' ');
  return new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(unfolded)?.[1]?.trim() ?? '';
}

/** Where images of the message itself point in outgoing HTML: at the attachments that are carried along. */
function cidUrls(message: FetchMessageObject): (part: string) => string {
  const { attachments } = message.bodyStructure ? readParts(message.bodyStructure) : { attachments: [] };
  const cids = new Map(attachments.map(({ part, contentId }) => [part, contentId]));
  return (part) => `cid:${cids.get(part) ?? part}`;
}

export interface AnswerInput extends MessageRef {
  mode: ReplyMode;
  /** IANA name, for the date in the quotation. */
  timeZone: string;
  /** What the account may write as besides its own address. */
  senders?: readonly string[];
}

/** Recipients, subject, references and quotation of an answer; a forward carries the attachments along. */
export function startAnswer(mail: MailClient, self: Person, input: AnswerInput): Promise<DraftContent> {
  const { folder, uid, mode, timeZone, senders = [] } = input;
  return mail.inFolder(folder, async (client) => {
    const message = await requireMessage(client, uid, REFERENCE_HEADERS);
    const opened = toOpenedMessage(folder, message);
    // Remote images stay: they are the other's letter. They load for whoever reads the answer and allows it.
    const { html } = await renderBody(client, message, { remoteImages: true, partUrl: cidUrls(message) });
    const references = joinReferences(
      readHeader(message, 'References'),
      readHeader(message, 'In-Reply-To'),
      opened.messageId,
    );
    const answersTo = /^<[^\s<>]+>$/.test(opened.messageId) ? opened.messageId : null;
    return {
      ...EMPTY_DRAFT,
      from: chooseSender(opened, self, senders),
      ...chooseRecipients(opened, self, mode),
      subject: prefixSubject(opened.subject, mode),
      quote: mode === 'forward' ? quoteForward(opened, html, timeZone) : quoteReply(opened, html, timeZone),
      inReplyTo: mode === 'forward' ? null : answersTo,
      references,
      attachments:
        mode === 'forward'
          ? opened.attachments.map((attachment) => toDraftAttachment({ folder, uid }, attachment))
          : [],
      answers: { folder, uid, mode: mode === 'forward' ? 'forward' : 'reply' },
    };
  });
}

/** A saved draft as it was when it was saved. */
export function reopenDraft(mail: MailClient, { folder, uid }: MessageRef): Promise<DraftContent> {
  return mail.inFolder(folder, async (client) => {
    const message = await requireMessage(client, uid, REFERENCE_HEADERS);
    const opened = toOpenedMessage(folder, message);
    const parts = message.bodyStructure ? readParts(message.bodyStructure) : { html: null, text: null };
    const inReplyTo = /<[^\s<>]{1,990}>/.exec(readHeader(message, 'In-Reply-To'))?.[0] ?? null;
    const base: DraftContent = {
      ...EMPTY_DRAFT,
      from: opened.from[0]?.address ?? null,
      to: opened.to,
      cc: opened.cc,
      bcc: opened.bcc,
      subject: opened.subject,
      messageId: toOwnMessageId(opened.messageId),
      inReplyTo,
      references: joinReferences(readHeader(message, 'References'), '', ''),
      attachments: opened.attachments.map((attachment) => toDraftAttachment({ folder, uid }, attachment)),
      saved: { folder, uid },
    };
    if (!parts.html) {
      const body = parts.text ? await readTextPart(client, uid, parts.text) : '';
      return { ...base, format: 'plain', body: body.replace(/\r\n/g, '\n').replace(/\n$/, '') };
    }
    const { html } = await renderBody(client, message, { remoteImages: true, partUrl: cidUrls(message) });
    return { ...base, ...splitDraftHtml(html) };
  });
}
