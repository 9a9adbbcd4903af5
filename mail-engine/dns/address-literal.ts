import { isIPv4, isIPv6 } from 'node:net';

/** The address of a domain that is an address literal, `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3); null for any other. */
export function readAddressLiteral(domain: string): string | null {
  const [, inside] = /^\[(.*)\]$/.exec(domain) ?? [];
  if (inside === undefined) return null;
  if (isIPv4(inside)) return inside;
  const [, ipv6] = /^ipv6:(.*)$/i.exec(inside) ?? [];
  return ipv6 !== undefined && isIPv6(ipv6) ? ipv6 : null;
}
