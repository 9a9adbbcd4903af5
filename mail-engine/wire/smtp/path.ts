/**
 * Reverse-path and forward-path (RFC 5321 §4.1.2, with UTF-8 by RFC 6531 §3.3); the mailbox inside is
 * `wire/address/mailbox.ts`'s, as everywhere.
 * Refused: a missing bracket, a mailbox without domain (but `<postmaster>` in RCPT), control characters, what is too long.
 */
import { formatMailbox, parseMailbox } from '../address/mailbox.ts';
import { SmtpSyntaxError } from './syntax-error.ts';

export interface Mailbox {
  /** As the rest of the system takes it: a quoted local part that needs no quotes has none. */
  address: string;
  /** Lower-case; an address literal with its brackets. */
  domain: string;
}

export interface PathAndRest {
  /** `null` for the empty reverse-path `<>`. */
  mailbox: Mailbox | null;
  /** What follows the path: parameters. */
  rest: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the ASCII range is meant
const ASCII_ONLY = /^[\x00-\x7f]*$/;

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

/** A domain in U-labels stays as it is written, as it travels with SMTPUTF8; a dot at its end is tolerated. */
function requireMailbox(text: string): Mailbox {
  const written = text.replace(/\.$/, '');
  const mailbox = parseMailbox(written, { utf8: true });
  if (mailbox === undefined) throw new SmtpSyntaxError('5.1.3', 'Bad address');
  const typed = written.slice(written.lastIndexOf('@') + 1);
  const domain = ASCII_ONLY.test(typed) ? mailbox.domain : typed.toLowerCase();
  return { address: formatMailbox({ localPart: mailbox.localPart, domain }), domain };
}

/** Takes `FROM:<path> rest` or `TO:<path> rest`; white space after the colon is tolerated, as everybody does. */
function takePath(argument: string, keyword: string): { inner: string; rest: string } {
  if (argument.slice(0, keyword.length).toUpperCase() !== keyword)
    throw new SmtpSyntaxError('5.5.4', `Syntax: ${keyword}<address>`);
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
  return { mailbox: inner === '' ? null : requireMailbox(inner), rest };
}

export interface ForwardPath extends PathAndRest {
  mailbox: Mailbox;
  /** True for `<postmaster>`, which has no domain. */
  isBare: boolean;
}

/** `postmasterDomain` completes `<postmaster>`, which must be accepted without domain (§4.1.1.3). */
export function parseForwardPath(argument: string, postmasterDomain: string): ForwardPath {
  const { inner, rest } = takePath(argument, 'TO:');
  const isBare = inner.toLowerCase() === 'postmaster';
  return { mailbox: requireMailbox(isBare ? `${inner}@${postmasterDomain}` : inner), rest, isBare };
}

/** True where an address may only travel with SMTPUTF8 (RFC 6531 §3.3). */
export function needsSmtpUtf8(mailbox: Mailbox): boolean {
  return !ASCII_ONLY.test(mailbox.address);
}
