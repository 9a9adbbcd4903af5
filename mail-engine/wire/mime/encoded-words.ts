/** Header values for people: encoded-words decoded (RFC 2047), leniently where mail software commonly breaks the rules. */
import { GatheredBytes } from '../gathered-bytes.ts';
import { decodeCharset } from './charset.ts';

const ENCODED_WORD = /=\?([^?\s]{1,64})\?([bq])\?([^?\r\n]*)\?=/gi;

/** Of one value so much is decoded; what is behind stays as it is. */
const MAX_CHARACTERS = 64 * 1024;

interface Word {
  charset: string;
  bytes: Buffer;
}

/** Neighbours of one charset, which are decoded together, because writers cut characters in two between them. */
interface Neighbours {
  charset: string;
  bytes: GatheredBytes;
}

/** Text of an unfolded raw value. White space between encoded-words is not of the text (§6.2). */
export function decodeHeaderValue(raw: string): string {
  if (!raw.includes('=?')) return raw;
  return raw.length <= MAX_CHARACTERS
    ? decodeWords(raw)
    : decodeWords(raw.slice(0, MAX_CHARACTERS)) + raw.slice(MAX_CHARACTERS);
}

function decodeWords(raw: string): string {
  let text = '';
  let pending: Neighbours | undefined;
  let position = 0;
  for (const match of raw.matchAll(ENCODED_WORD)) {
    const between = raw.slice(position, match.index);
    const { charset, bytes } = readWord(match);
    position = match.index + match[0].length;
    const near = pending !== undefined && between.trim() === '';
    if (pending === undefined || !near || pending.charset !== charset) {
      text += flush(pending);
      if (!near) text += between;
      pending = { charset, bytes: new GatheredBytes() };
    }
    pending.bytes.push(bytes);
  }
  return text + flush(pending) + raw.slice(position);
}

function readWord(match: RegExpExecArray): Word {
  const [, label = '', encoding = '', payload = ''] = match;
  // RFC 2231 §5 lets a language tag follow the charset.
  const charset = label.replace(/\*.*$/, '').toLowerCase();
  return { charset, bytes: encoding.toLowerCase() === 'b' ? Buffer.from(payload, 'base64') : decodeQ(payload) };
}

/** The Q encoding (§4.2): `_` is a space. */
function decodeQ(payload: string): Buffer {
  const pieces = payload.replaceAll('_', ' ').split(/=([0-9a-f]{2})/i);
  return Buffer.concat(pieces.map((piece, index) => Buffer.from(piece, index % 2 === 1 ? 'hex' : 'utf8')));
}

function flush(pending: Neighbours | undefined): string {
  if (pending === undefined) return '';
  // Line ends and NUL inside an encoded-word would break out of the one line a header value is.
  return decodeCharset(pending.bytes.bytes, pending.charset).replace(/[\r\n\0]+/g, ' ');
}
