/**
 * One spelling for every mail address and domain: lower-case, the domain in A-labels (RFC 5890 §2.3.2.1), the local part in NFC
 * (RFC 6532 §3.1). What cannot be an address hosted here comes back undefined; nothing here throws, whatever the input.
 */
import { domainToASCII } from 'node:url';
import { normalForm } from '../text/normal-form.ts';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** What `domainToASCII` would otherwise take apart as a URL does: percent signs, slashes, at signs, brackets. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
const NOT_IN_DOMAIN = /[\u0000-\u002c\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]/;
/** In its one spelling already, and no number at the end, as almost every domain is. */
const PLAIN_DOMAIN = /^(?!.*xn--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 5321 §4.5.3.1.2, and without the dot that may follow the name. */
const MAX_DOMAIN = 255;
const MAX_NAME = 253;
/** RFC 5321 §4.5.3.1.1, octets. */
const MAX_LOCAL_PART = 64;

/** A host name with no label too long, not an IP address; lower-case A-labels, no final dot. */
export function normaliseDomain(domain: string): string | undefined {
  if (domain.length <= MAX_NAME && PLAIN_DOMAIN.test(domain)) return domain;
  if (domain.length > MAX_DOMAIN || NOT_IN_DOMAIN.test(domain)) return undefined;
  const ascii = domainToASCII(domain.endsWith('.') ? domain.slice(0, -1) : domain);
  const labels = ascii.split('.');
  if (ascii.length > MAX_NAME || !labels.every((label) => LABEL.test(label))) return undefined;
  return /^\d+$/.test(labels.at(-1) ?? '') ? undefined : ascii;
}

/** No local part has control characters, quoted or not (RFC 5321 §4.1.2), nor halves of surrogate pairs. */
const NOT_IN_LOCAL_PART = /[\p{Cc}\p{Cs}]/u;

/** Nothing to fold, as almost always. */
const PLAIN_LOCAL_PART = /^[a-z0-9!#$%&'*+\-/=?^_`{|}~.]{1,64}$/;

/** Local parts are compared without regard to case here (RFC 5321 §2.4 leaves that to the receiving host). */
export function normaliseLocalPart(localPart: string): string | undefined {
  if (PLAIN_LOCAL_PART.test(localPart)) return localPart;
  if (NOT_IN_LOCAL_PART.test(localPart)) return undefined;
  const folded = normalForm(localPart).toLowerCase();
  const bytes = Buffer.byteLength(folded);
  return bytes === 0 || bytes > MAX_LOCAL_PART ? undefined : folded;
}

export interface NormalisedAddress {
  localPart: string;
  domain: string;
  /** `localPart@domain`. */
  address: string;
}

/** Takes the quotes off a quoted local part (RFC 5321 §4.1.2): `"joe"@x` and `joe@x` are one address. */
function unquote(localPart: string): string {
  if (localPart.length < 2 || !localPart.startsWith('"') || !localPart.endsWith('"')) return localPart;
  return localPart.slice(1, -1).replaceAll(/\\(.)/gs, '$1');
}

export function normaliseAddress(address: string): NormalisedAddress | undefined {
  if (address.length > 1000) return undefined;
  const at = address.lastIndexOf('@');
  const localPart = at < 1 ? undefined : normaliseLocalPart(unquote(address.slice(0, at)));
  const domain = normaliseDomain(address.slice(at + 1));
  if (localPart === undefined || domain === undefined) return undefined;
  return { localPart, domain, address: `${localPart}@${domain}` };
}
