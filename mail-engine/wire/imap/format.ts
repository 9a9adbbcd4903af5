/** Writing the strings of responses (RFC 3501 §9): each value in the shortest form that is legal for it. */
import { Class, isIn } from './characters.ts';
import { encodeUtf7 } from './utf7.ts';

/** Longer ones go as a literal, so that no response line grows without bound. */
const MAX_QUOTED = 1000;

function isQuotable(text: string, utf8: boolean): boolean {
  if (text.length > MAX_QUOTED) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these may not stand in a quoted string.
  return utf8 ? !/[\x00\r\n]/.test(text) : !/[\x00\r\n\x80-\uffff]/.test(text);
}

/** quoted where possible, else literal. The result is UTF-8 text to be written as such. */
export function formatString(text: string, utf8 = false): string {
  if (isQuotable(text, utf8)) return `"${text.replace(/["\\]/g, '\\$&')}"`;
  return `{${Buffer.byteLength(text)}}\r\n${text}`;
}

export function formatNstring(text: string | null | undefined): string {
  return text === null || text === undefined ? 'NIL' : formatString(text);
}

/** atom where possible, else string. */
export function formatAstring(text: string, utf8 = false): string {
  const isAtom =
    text !== '' && text.toUpperCase() !== 'NIL' && [...Buffer.from(text)].every((byte) => isIn(byte, Class.atom));
  return isAtom ? text : formatString(text, utf8);
}

/** A mailbox name as the client reads it: modified UTF-7, or UTF-8 once it has enabled UTF8=ACCEPT. */
export function formatMailbox(name: string, utf8: boolean): string {
  return formatAstring(utf8 ? name : encodeUtf7(name), utf8);
}

/** `{n}CRLF`, before n bytes. */
export function literalHeader(sizeBytes: number): string {
  return `{${sizeBytes}}\r\n`;
}
