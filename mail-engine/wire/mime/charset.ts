/** Text of bytes in a charset named by a message: all WHATWG encodings, ISO-8859-1 for what is unknown. */
import { isAscii } from 'node:buffer';

/** Labels mail uses that the Encoding Standard does not list, with its label for the same thing. */
const ALIASES: Readonly<Record<string, string>> = {
  'cp-850': 'iso-8859-1',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  cp932: 'shift_jis',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  'x-gbk': 'gbk',
  'unicode-1-1-utf-8': 'utf-8',
  utf8mb4: 'utf-8',
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  cp1252: 'windows-1252',
  cp1253: 'windows-1253',
  cp1254: 'windows-1254',
  cp1255: 'windows-1255',
  cp1256: 'windows-1256',
  cp1257: 'windows-1257',
};

/** Where a message names no charset, or names US-ASCII and then uses other bytes, they are UTF-8 or windows-1252. */
const UNDECLARED = new Set(['', 'us-ascii', 'ascii', 'unknown-8bit', 'default', 'unknown', '8bit']);

/** `partial`: the bytes were cut, and a character cut at the end is left out. */
export function decodeCharset(bytes: Uint8Array, charset: string, partial = false): string {
  const label = charset.trim().toLowerCase();
  if (UNDECLARED.has(label)) return decodeUndeclared(bytes, partial);
  return openDecoder(ALIASES[label] ?? label).decode(bytes, { stream: partial });
}

function decodeUndeclared(bytes: Uint8Array, partial: boolean): string {
  if (isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: partial });
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder('windows-1252').decode(bytes);
    throw error;
  }
}

/** Charset labels come from strangers, so the decoder answers for unknown ones too. */
function openDecoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder('iso-8859-1');
    throw error;
  }
}
