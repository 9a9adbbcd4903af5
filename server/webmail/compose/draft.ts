/** A message being written, as the browser holds it between saves. */
import { z } from 'zod';

const MAX_RECIPIENTS = 200;
const MAX_ATTACHMENTS = 50;
const MAX_TEXT = 1024 * 1024;
const MAX_QUOTE = 3 * 1024 * 1024;

const noControls = (text: string) => !/\p{Cc}/u.test(text);

const person = z.object({
  name: z.string().max(200).refine(noControls, 'no control characters'),
  address: z
    .string()
    .trim()
    .max(320)
    .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/u, 'not an email address'),
});
const people = z.array(person).max(MAX_RECIPIENTS, `at most ${MAX_RECIPIENTS} recipients`);

export const messageRef = z.object({ folder: z.string().min(1).max(1_000), uid: z.number().int().positive() });
const messageId = z
  .string()
  .max(998)
  .regex(/^<[^\s<>]+>$/);

/** Of the message being written: printable ASCII, short enough for one line (RFC 5322 §3.6.4, §2.1.1). */
const ownMessageId = z.string().regex(/^<[!-;=?-~]{1,480}>$/);

/** The Message-ID of a draft that was found, where a message may be sent with it. */
export function toOwnMessageId(text: string): string | null {
  return ownMessageId.safeParse(text).data ?? null;
}

/** Where an attachment's bytes are: uploaded in this session, or a part of a message on the server. */
const attachmentSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('upload'), uploadId: z.uuid() }),
  messageRef.extend({
    kind: z.literal('part'),
    part: z.string().regex(/^\d+(?:\.\d+)*$/),
    /** The upload it was saved from: whoever names the part has no need of the upload any more. */
    uploadId: z.uuid().optional(),
  }),
]);

const draftAttachment = z.object({
  /** The browser's own name for it, so that a save's answer can be matched. */
  id: z.string().min(1).max(64),
  filename: z.string().min(1).max(255).refine(noControls),
  contentType: z.string().max(127),
  sizeBytes: z.number().int().nonnegative(),
  /** Set where the quoted HTML shows it. */
  contentId: z.string().max(500).refine(noControls).nullable(),
  source: attachmentSource,
});

export const draftContent = z.object({
  /** One of the addresses the account may write as (`senders/list-senders.ts`); null: its own. */
  from: person.shape.address.nullable(),
  to: people,
  cc: people,
  bcc: people,
  subject: z.string().max(900).refine(noControls, 'no control characters'),
  format: z.enum(['html', 'plain']),
  /** What stands in the editor: HTML, or text where the format is plain. */
  body: z.string().max(MAX_TEXT, 'the text is too long'),
  /** Quoted or forwarded HTML below it, kept out of the editor so that it keeps its looks. */
  quote: z.string().max(MAX_QUOTE).nullable(),
  /** One for the whole life of the message, from the window it is written in to those who get it; null: it has none yet. */
  messageId: ownMessageId.nullable().default(null),
  inReplyTo: messageId.nullable(),
  references: z.array(messageId).max(50),
  attachments: z.array(draftAttachment).max(MAX_ATTACHMENTS, `at most ${MAX_ATTACHMENTS} attachments`),
  /** The message this answers or forwards, to be flagged when sent. */
  answers: messageRef.extend({ mode: z.enum(['reply', 'forward']) }).nullable(),
  /** The saved draft this one replaces. */
  saved: messageRef.nullable(),
});

export type DraftContent = z.output<typeof draftContent>;
export type DraftAttachment = z.output<typeof draftAttachment>;

export const EMPTY_DRAFT: DraftContent = {
  from: null,
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  format: 'html',
  body: '',
  quote: null,
  messageId: null,
  inReplyTo: null,
  references: [],
  attachments: [],
  answers: null,
  saved: null,
};
