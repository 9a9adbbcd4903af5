/** Header values for people: encoded-words decoded (RFC 2047), leniently where mail software commonly breaks the rules. */
import { decodeCharset } from './charset.ts';

const ENCODED_WORD = /=\?([^?\s]{1,64})\?([bq])\?([^?\r\n]*)\?=/gi;

interface Word {
  charset: string;
  bytes: Buffer;
}

/**
 * Text of an unfolded raw value. White space between encoded-words is not of the text (§6.2); neighbours of one charset are
 * decoded together, because writers cut characters in two between them.
 */
export function decodeHeaderValue(raw: string): string {
  if (!raw.includes('=?')) return raw;
  let text = '';
  let pending: Word | undefined;
  let position = 0;
  for (const match of raw.matchAll(ENCODED_WORD)) {
    const between = raw.slice(position, match.index);
    const word = readWord(match);
    position = match.index + match[0].length;
    if (pending !== undefined && between.trim() === '' && pending.charset === word.charset) {
      pending = { charset: word.charset, bytes: Buffer.concat([pending.bytes, word.bytes]) };
      continue;
    }
    text += flush(pending);
    if (pending === undefined || between.trim() !== '') text += between;
    pending = word;
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

function flush(word: Word | undefined): string {
  if (word === undefined) return '';
  // Line ends and NUL inside an encoded-word would break out of the one line a header value is.
  return decodeCharset(word.bytes, word.charset).replace(/[\r\n\0]+/g, ' ');
}
