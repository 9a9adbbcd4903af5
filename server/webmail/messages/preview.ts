/**
 * The first words of messages, for the list. Works with any IMAP server: a partial fetch of the text part, grouped by part
 * number so that a page of rows costs one or two commands. Remembered, because bytes never change.
 */
import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import { htmlToText } from '../html/to-text.ts';
import { decodeCharset, decodeTransfer } from './decode-text.ts';
import { partNumber, readParts } from './structure.ts';

const TEXT_BYTES = 1_024;
/** HTML spends its first kilobytes on style. */
const HTML_BYTES = 12_288;
const PREVIEW_CHARACTERS = 160;
const MAX_REMEMBERED = 5_000;

export type PreviewMemory = Map<string, string>;

interface Wanted {
  uid: number;
  node: MessageStructureObject;
}

/** Quotation, signature and link noise out, white space folded. */
export function toPreview(text: string): string {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .split(/\n-- ?\n/)[0]
    ?.split('\n')
    .filter((line) => !line.startsWith('>') && !/^-{4,}|^={4,}|^_{4,}/.test(line));
  return (lines ?? [])
    .join(' ')
    .replace(/<?https?:\/\/\S+/g, '')
    .replace(/[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]+/gu, ' ')
    .trim()
    .slice(0, PREVIEW_CHARACTERS);
}

function renderPreview(node: MessageStructureObject, bytes: Buffer): string {
  const text = decodeCharset(decodeTransfer(bytes, node.encoding), node.parameters?.charset);
  if (node.type !== 'text/html') return toPreview(text);
  // Cut in the middle of a tag or of the style sheet: neither is text.
  const whole = text.replace(/<[^<>]*$/, '').replace(/<(style|script|head)\b(?![\s\S]*<\/\1)[\s\S]*$/i, '');
  return toPreview(htmlToText(whole));
}

function groupByRequest(wanted: readonly Wanted[]): Map<string, Wanted[]> {
  return Map.groupBy(
    wanted,
    ({ node }) => `${node.type === 'text/html' ? HTML_BYTES : TEXT_BYTES}:${partNumber(node)}`,
  );
}

function remember(memory: PreviewMemory, key: string, preview: string): void {
  memory.set(key, preview);
  const oldest = memory.keys().next().value;
  if (memory.size > MAX_REMEMBERED && oldest !== undefined) memory.delete(oldest);
}

/** Preview by uid of `messages`, which must carry their structure. `folderKey` names folder and UIDVALIDITY. */
export async function readPreviews(
  client: ImapFlow,
  messages: readonly FetchMessageObject[],
  memory: PreviewMemory,
  folderKey: string,
): Promise<Map<number, string>> {
  const previews = new Map<number, string>();
  const wanted: Wanted[] = [];
  for (const { uid, bodyStructure } of messages) {
    const known = memory.get(`${folderKey}:${uid}`);
    const parts = bodyStructure && readParts(bodyStructure);
    const node = parts?.text ?? parts?.html;
    if (known !== undefined) previews.set(uid, known);
    else if (node && node.size !== 0) wanted.push({ uid, node });
  }
  for (const [request, group] of groupByRequest(wanted)) {
    const [maxLength, key = '1'] = request.split(':');
    const nodes = new Map(group.map(({ uid, node }) => [uid, node]));
    const query = { uid: true, bodyParts: [{ key, start: 0, maxLength: Number(maxLength) }] };
    for await (const { uid, bodyParts } of client.fetch([...nodes.keys()].join(','), query, { uid: true })) {
      const node = nodes.get(uid);
      const bytes = bodyParts?.get(key);
      if (!node || !bytes) continue;
      const preview = renderPreview(node, bytes);
      previews.set(uid, preview);
      remember(memory, `${folderKey}:${uid}`, preview);
    }
  }
  return previews;
}
