/**
 * The Mailbox production of SMTP (RFC 5321 §4.1.2 with UTF-8 by RFC 6531 §3.3). Read, it may have dots anywhere in its local part, as some
 * providers gave them out, and a local part of any length within the mailbox's, as bounce addresses have (§4.5.3.1 asks for no limit
 * that can be avoided). Written, it is of the production: quoted where that is needed and nowhere else, the domain in its one spelling.
 */
import { normalizeAddressLiteral, normalizeDomain } from './domain.ts';

export interface Mailbox {
  /** Unquoted content of the local part, its case kept. */
  localPart: string;
  /** Lower-case A-label domain, or an address literal in its brackets. */
  domain: string;
}

export interface MailboxSyntax {
  /** Accept UTF-8 local parts and U-label domains. */
  utf8?: boolean;
}

const MAX_MAILBOX_BYTES = 254;
const ATOMS_AND_DOTS = /^[a-z0-9!#$%&'*+\-/=?^_`{|}~.\u0080-\uffff]+$/i;
const DOT_STRING = /^[a-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\uffff]+(?:\.[a-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\uffff]+)*$/i;
const QUOTED_STRING = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e\u0080-\uffff]|\\[\x20-\x7e])*)"$/;

/** Undefined where `text` is no mailbox. */
export function parseMailbox(text: string, { utf8 = false }: MailboxSyntax = {}): Mailbox | undefined {
  if (!text.isWellFormed() || Buffer.byteLength(text) > MAX_MAILBOX_BYTES) return undefined;
  if (!utf8 && !/^[\x20-\x7e]*$/.test(text)) return undefined;
  const at = text.lastIndexOf('@');
  const localPart = at < 1 ? undefined : parseLocalPart(text.slice(0, at));
  const domain = parseDomain(text.slice(at + 1));
  if (localPart === undefined || domain === undefined) return undefined;
  return { localPart, domain };
}

/** The mailbox as SMTP and headers write it, quoted where its local part needs that. */
export function formatMailbox({ localPart, domain }: Mailbox): string {
  const local = DOT_STRING.test(localPart) ? localPart : `"${localPart.replace(/["\\]/g, '\\$&')}"`;
  return `${local}@${domain}`;
}

function parseLocalPart(text: string): string | undefined {
  if (ATOMS_AND_DOTS.test(text)) return text;
  return QUOTED_STRING.exec(text)?.[1]?.replace(/\\(.)/g, '$1');
}

function parseDomain(text: string): string | undefined {
  return text.startsWith('[') ? normalizeAddressLiteral(text) : normalizeDomain(text);
}
