/** Domain names of addresses (RFC 5321 §4.1.2, RFC 5890): one spelling for each, so that they can be compared and looked up. */
import { domainToASCII } from 'node:url';

/** RFC 5321 §4.5.3.1.2. */
const MAX_DOMAIN_LENGTH = 255;
/** RFC 1035 §2.3.4 with hyphens and digits anywhere but hyphens at the ends (RFC 1123 §2.1); underscores exist in the wild. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** In its one spelling already, as almost every domain is; no address in numbers ends with a letter. */
const PLAIN = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Lower-case A-label form of a domain. Refused (undefined): a trailing dot, empty or over-long labels, what IDNA does not
 * map, addresses in numbers.
 */
export function normalizeDomain(domain: string): string | undefined {
  if (domain.length <= MAX_DOMAIN_LENGTH && PLAIN.test(domain)) return domain;
  if (domain === '' || domain.length > MAX_DOMAIN_LENGTH || /[%:/?#[\]@\\\s]/.test(domain)) return undefined;
  const ascii = /^[\x20-\x7e]*$/.test(domain) ? domain.toLowerCase() : domainToASCII(domain);
  if (ascii.length > MAX_DOMAIN_LENGTH || isIPv4(ascii)) return undefined;
  return ascii.split('.').every((label) => LABEL.test(label)) ? ascii : undefined;
}

/** `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3) in lower case; general literals are refused. */
export function normalizeAddressLiteral(text: string): string | undefined {
  const content = /^\[([0-9a-z.:]{1,60})\]$/i.exec(text)?.[1];
  if (content === undefined) return undefined;
  if (isIPv4(content)) return `[${content}]`;
  const address = /^ipv6:(.+)$/i.exec(content)?.[1] ?? '';
  return isIPv6(address) ? `[IPv6:${address.toLowerCase()}]` : undefined;
}

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

function isIPv4(text: string): boolean {
  return IPV4.test(text);
}

function isIPv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
}
