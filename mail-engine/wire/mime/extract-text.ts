/**
 * Decoded text of a message's text parts, for the search index. Bytes come from a reader the caller passes, part by part;
 * what is held and what is returned is bounded by the limits, whatever the message.
 */
import { decodeCharset } from './charset.ts';
import { decodeHeaderValue } from './encoded-words.ts';
import { readHeaderFields } from './header-fields.ts';
import { htmlToText } from './html-text.ts';
import { createTransferDecoder } from './transfer-decoding.ts';
import type { MimePart } from './types.ts';

export interface ExtractLimits {
  /** Characters returned in all. */
  characters: number;
  /** Decoded bytes taken of one part. */
  partBytes: number;
  /** Text parts taken. */
  parts: number;
}

/** Bytes [start, end) of the scanned message, in chunks. */
export type ReadRange = (start: number, end: number) => AsyncIterable<Buffer> | Iterable<Buffer>;

const DEFAULT_LIMITS: ExtractLimits = { characters: 1024 * 1024, partBytes: 1024 * 1024, parts: 200 };
const EMBEDDED_HEADER_BYTES = 64 * 1024;
const EMBEDDED_FIELDS = new Set(['subject', 'from', 'to', 'cc']);

/** Text parts in order, and of embedded messages the subject and addresses, one below the other; HTML as its words. */
export async function extractText(
  root: MimePart,
  read: ReadRange,
  limits: Partial<ExtractLimits> = {},
): Promise<string> {
  const { characters, partBytes, parts } = { ...DEFAULT_LIMITS, ...limits };
  const pieces: string[] = [];
  let left = characters;
  let taken = 0;
  for (const { part, isMessage } of walk(root)) {
    if (left <= 0 || taken >= parts) break;
    if (!isMessage && part.type !== 'text') continue;
    taken++;
    const text = isMessage ? await readEmbeddedHeader(part, read) : await readTextPart(part, read, partBytes, left);
    pieces.push(text.slice(0, left));
    left -= text.length + 1;
  }
  return pieces.join('\n');
}

/** Leaves in order; an embedded message comes before its parts. */
function* walk(part: MimePart): Generator<{ part: MimePart; isMessage: boolean }> {
  if (part.children.length === 0) yield { part, isMessage: false };
  for (const child of part.children) {
    if (part.type === 'message') yield { part: child, isMessage: true };
    yield* walk(child);
  }
}

async function readTextPart(part: MimePart, read: ReadRange, maxBytes: number, maxLength: number): Promise<string> {
  const decoder = createTransferDecoder(part.encoding);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of read(part.bodyStart, part.end)) {
    const decoded = Buffer.from(decoder.decode(chunk));
    pieces.push(decoded);
    size += decoded.length;
    if (size >= maxBytes) break;
  }
  pieces.push(decoder.end());
  const charset = part.parameters.find(([name]) => name === 'charset')?.[1] ?? '';
  const text = decodeCharset(Buffer.concat(pieces).subarray(0, maxBytes), charset, true);
  return part.subtype === 'html' ? htmlToText(text, maxLength) : text;
}

async function readEmbeddedHeader(message: MimePart, read: ReadRange): Promise<string> {
  const pieces: Buffer[] = [];
  const end = Math.min(message.bodyStart, message.start + EMBEDDED_HEADER_BYTES);
  for await (const chunk of read(message.start, end)) pieces.push(Buffer.from(chunk));
  const values: string[] = [];
  for (const field of readHeaderFields(Buffer.concat(pieces))) {
    if (EMBEDDED_FIELDS.has(field.name.toLowerCase())) values.push(decodeHeaderValue(field.rawValue));
  }
  return values.join('\n');
}
