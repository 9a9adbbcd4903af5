/**
 * Reverse-path and forward-path (RFC 5321 §4.1.2, with UTF-8 by RFC 6531 §3.3), length limits of §4.5.3.1.
 * Refused: a missing bracket, a mailbox without domain (but `<postmaster>` in RCPT), control characters, what is too long.
 */
import { SmtpSyntaxError } from './syntax-error.ts';

export interface Mailbox {
  /** As the rest of the system takes it: a quoted local part that needs no quotes has none. */
  address: string;
  localPart: string;
  /** Lower-case; an address literal with its brackets. */
  domain: string;
}

export interface PathAndRest {
  /** `null` for the empty reverse-path `<>`. */
  mailbox: Mailbox | null;
  /** What follows the path: parameters. */
  rest: string;
}

const MAX_LOCAL_PART = 64;
const MAX_DOMAIN = 255;
const ATEXT = "[A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~\\u0080-\\u{10ffff}]";
const DOT_STRING = new RegExp(`^${ATEXT}+(?:\\.${ATEXT}+)*$`, 'u');
/** QcontentSMTP: printable ASCII or UTF-8, `"` and `\` only quoted. */
const QUOTED_STRING = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e\u0080-\u{10ffff}]|\\[\x20-\x7e])*"$/u;
const LABEL = '[A-Za-z0-9_\\u0080-\\u{10ffff}](?:[A-Za-z0-9_\\-\\u0080-\\u{10ffff}]*[A-Za-z0-9_\\u0080-\\u{10ffff}])?';
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*\\.?$`, 'u');
const ADDRESS_LITERAL = /^\[(?:[0-9.]{7,15}|IPv6:[0-9A-Fa-f:.]{2,45})\]$/;

/** Where the path's `>` is, quoted strings skipped. */
function findPathEnd(text: string): number {
  let quoted = false;
  for (let at = 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\\' && quoted) at++;
    else if (char === '"') quoted = !quoted;
    else if (char === '>' && !quoted) return at;
  }
  return -1;
}

function parseLocalPart(text: string): string {
  if (DOT_STRING.test(text)) return text;
  if (!QUOTED_STRING.test(text)) throw new SmtpSyntaxError('5.1.3', 'Bad local part');
  const content = text.slice(1, -1).replace(/\\(.)/g, '$1');
  return DOT_STRING.test(content) ? content : text;
}

function parseMailbox(text: string): Mailbox {
  const at = text.lastIndexOf('@');
  if (at <= 0) throw new SmtpSyntaxError('5.1.3', 'Address needs a local part and a domain');
  const localPart = parseLocalPart(text.slice(0, at));
  const domain = text.slice(at + 1);
  if (!DOMAIN.test(domain) && !ADDRESS_LITERAL.test(domain)) throw new SmtpSyntaxError('5.1.3', 'Bad domain');
  if (Buffer.byteLength(localPart) > MAX_LOCAL_PART) throw new SmtpSyntaxError('5.1.3', 'Local part too long');
  if (Buffer.byteLength(domain) > MAX_DOMAIN) throw new SmtpSyntaxError('5.1.3', 'Domain too long');
  const lower = domain.toLowerCase().replace(/\.$/, '');
  return { address: `${localPart}@${lower}`, localPart, domain: lower };
}

/** Takes `FROM:<path> rest` or `TO:<path> rest`; white space after the colon is tolerated, as everybody does. */
function takePath(argument: string, keyword: string): { inner: string; rest: string } {
  if (!argument.toUpperCase().startsWith(keyword)) throw new SmtpSyntaxError('5.5.4', `Syntax: ${keyword}<address>`);
  const text = argument.slice(keyword.length).trimStart();
  const end = text.startsWith('<') ? findPathEnd(text) : -1;
  if (end < 0) throw new SmtpSyntaxError('5.5.4', `Syntax: ${keyword}<address>`);
  const rest = text.slice(end + 1);
  if (rest !== '' && !rest.startsWith(' ')) throw new SmtpSyntaxError('5.5.4', 'Space expected after the address');
  // A source route (RFC 5321 appendix C) is accepted and ignored.
  return { inner: text.slice(1, end).replace(/^@[^:<>"]*:/, ''), rest: rest.trim() };
}

export function parseReversePath(argument: string): PathAndRest {
  const { inner, rest } = takePath(argument, 'FROM:');
  return { mailbox: inner === '' ? null : parseMailbox(inner), rest };
}

/** `postmasterDomain` completes `<postmaster>`, which must be accepted without domain (§4.1.1.3). */
export function parseForwardPath(argument: string, postmasterDomain: string): PathAndRest & { mailbox: Mailbox } {
  const { inner, rest } = takePath(argument, 'TO:');
  const full = inner.toLowerCase() === 'postmaster' ? `${inner}@${postmasterDomain}` : inner;
  return { mailbox: parseMailbox(full), rest };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the ASCII range is meant
const ASCII_ONLY = /^[\x00-\x7f]*$/;

/** True where an address may only travel with SMTPUTF8 (RFC 6531 §3.3). */
export function needsSmtpUtf8(mailbox: Mailbox): boolean {
  return !ASCII_ONLY.test(mailbox.address);
}
