/** A message's body, ready to be shown or quoted. */
import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import type { MailClient } from '../connection/mail-client.ts';
import { hasOwnColours } from '../html/document.ts';
import { renderPlainText } from '../html/plain-text.ts';
import { sanitiseHtml } from '../html/sanitise.ts';
import { htmlToText } from '../html/to-text.ts';
import { decodeCharset, decodeTransfer } from './decode-text.ts';
import { type MessageRef, requireMessage } from './open-message.ts';
import { partNumber, readParts } from './structure.ts';

export interface ReadBodyOptions {
  remoteImages: boolean;
  /** URL of a part of this message. */
  partUrl: (part: string) => string;
}

export interface MessageBody {
  html: string;
  css: string;
  /** Takes the theme's colours. */
  plain: boolean;
  blockedImages: number;
  /** The body was longer than is shown. */
  cut: boolean;
}

const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Of text/plain: every line of it becomes markup. */
const MAX_PLAIN_CHARACTERS = 512 * 1024;

/** Text of one part of the selected folder's message, at most `MAX_BODY_BYTES` of it. */
export async function readTextPart(client: ImapFlow, uid: number, node: MessageStructureObject): Promise<string> {
  const key = partNumber(node);
  const query = { uid: true, bodyParts: [{ key, start: 0, maxLength: MAX_BODY_BYTES }] };
  const fetched = await client.fetchOne(String(uid), query, { uid: true });
  const bytes = fetched ? fetched.bodyParts?.get(key) : undefined;
  if (!bytes) return '';
  return unflow(decodeCharset(decodeTransfer(bytes, node.encoding), node.parameters?.charset), node);
}

/** format=flowed (RFC 3676 §4): a line that ends in a space goes on in the next. */
function unflow(text: string, node: MessageStructureObject): string {
  if (node.parameters?.format?.toLowerCase() !== 'flowed') return text;
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  const joined: string[] = [];
  for (const line of lines) {
    const previous = joined.at(-1);
    const marks = /^>*/.exec(line)?.[0] ?? '';
    const content = line.slice(marks.length).replace(/^ /, '');
    const flows = previous?.endsWith(' ') && previous !== '-- ' && (/^>*/.exec(previous)?.[0] ?? '') === marks;
    if (flows) joined[joined.length - 1] = previous + content;
    else joined.push(marks === '' ? content : `${marks} ${content}`);
  }
  return joined.join('\n');
}

function isCut(node: MessageStructureObject): boolean {
  return (node.size ?? 0) > MAX_BODY_BYTES;
}

async function readHtmlBody(
  client: ImapFlow,
  message: FetchMessageObject,
  node: MessageStructureObject,
  options: ReadBodyOptions,
): Promise<MessageBody> {
  const source = await readTextPart(client, message.uid, node);
  const { attachments } = message.bodyStructure ? readParts(message.bodyStructure) : { attachments: [] };
  const byCid = new Map(attachments.map((attachment) => [attachment.contentId, attachment.part]));
  const resolveCid = (cid: string): string | undefined => {
    const part = byCid.get(cid);
    return part === undefined ? undefined : options.partUrl(part);
  };
  const clean = sanitiseHtml(source, { remoteImages: options.remoteImages, resolveCid });
  if (!clean) {
    const text = htmlToText(source.slice(0, 100_000));
    return { html: renderPlainText(text), css: '', plain: true, blockedImages: 0, cut: true };
  }
  const { html, css, blockedImages } = clean;
  return { html, css, plain: !hasOwnColours(html, css), blockedImages, cut: isCut(node) };
}

/** Body of a message that was fetched already. HTML is preferred; a message without a text body is empty. */
export async function renderBody(
  client: ImapFlow,
  message: FetchMessageObject,
  options: ReadBodyOptions,
): Promise<MessageBody> {
  const parts = message.bodyStructure ? readParts(message.bodyStructure) : { html: null, text: null };
  if (parts.html) return readHtmlBody(client, message, parts.html, options);
  const text = parts.text ? await readTextPart(client, message.uid, parts.text) : '';
  return {
    html: renderPlainText(text.slice(0, MAX_PLAIN_CHARACTERS)),
    css: '',
    plain: true,
    blockedImages: 0,
    cut: text.length > MAX_PLAIN_CHARACTERS || (parts.text !== null && isCut(parts.text)),
  };
}

export function readBody(
  mail: MailClient,
  { folder, uid }: MessageRef,
  options: ReadBodyOptions,
): Promise<MessageBody> {
  return mail.inFolder(folder, async (client) => renderBody(client, await requireMessage(client, uid), options));
}
