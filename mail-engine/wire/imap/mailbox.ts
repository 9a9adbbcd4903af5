/**
 * The `mailbox` production: on the wire modified UTF-7 (or UTF-8, RFC 6855, which no client sends by mistake: 8-bit bytes
 * are not legal otherwise); inside, UTF-8 NFC with INBOX upper-case.
 * Refused are names and patterns of more than 1,000 characters.
 */
import type { Cursor } from './cursor.ts';
import { decodeUtf7 } from './utf7.ts';

/** Far more than a name that is kept has; a pattern is as long at most. It is asked before anything is normalised. */
const MAX_CHARACTERS = 1000;

/** INBOX is the same in any case, also as the first level of a longer name (RFC 9051 §5.1). */
export function canonicalMailbox(name: string): string {
  const normalized = name.normalize('NFC');
  return /^inbox(\/|$)/i.test(normalized) ? `INBOX${normalized.slice(5)}` : normalized;
}

function decodeName(cursor: Cursor, name: string, utf8: boolean): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what decides between the two spellings.
  if (utf8 || /[^\x00-\x7f]/.test(name)) return name;
  return decodeUtf7(name) ?? cursor.fail('Mailbox name is not valid modified UTF-7');
}

function readName(cursor: Cursor, name: string, utf8: boolean, what: 'Mailbox name' | 'Pattern'): string {
  const decoded = decodeName(cursor, name, utf8);
  if (decoded.length > MAX_CHARACTERS) cursor.fail(`${what} is too long`);
  return canonicalMailbox(decoded);
}

/** `utf8`: the client has enabled UTF8=ACCEPT, so names are UTF-8 and `&` is a plain character. */
export function mailbox(cursor: Cursor, utf8: boolean): string {
  return readName(cursor, cursor.astring(), utf8, 'Mailbox name');
}

/** list-mailbox: a name with wildcards. */
export function mailboxPattern(cursor: Cursor, utf8: boolean): string {
  return readName(cursor, cursor.listMailbox(), utf8, 'Pattern');
}
