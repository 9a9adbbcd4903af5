/** Raw bytes of a header field's value as a string: unfolded (RFC 5322 §2.2.3), trimmed, still encoded (RFC 2047). */
import { isAscii, isUtf8 } from 'node:buffer';

// NUL cannot stand in an IMAP string (RFC 9051 §4.3), so it goes with the line ends.
const FOLD = /[\r\n\0]+/g;

/** UTF-8 where the bytes are that (RFC 6532), else every byte a character of ISO-8859-1. */
function readRawText(bytes: Buffer, start: number, end: number): string {
  const slice = bytes.subarray(start, end);
  return isAscii(slice) || !isUtf8(slice) ? slice.toString('latin1') : slice.toString('utf8');
}

export function readRawValue(bytes: Buffer, start: number, end: number): string {
  return readRawText(bytes, start, end).replace(FOLD, '').trim();
}
