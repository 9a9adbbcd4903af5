import { isIPv4 } from 'node:net';
import { ipv6Number } from '#server/access-rules/rules/ipv6-number.ts';

/**
 * The name under which a DNS list has an address: its octets in reverse, or the nibbles of an IPv6 address, before the zone
 * (RFC 5782 §2.1, §2.4). Undefined for what is no address.
 */
export function listName(address: string, zone: string): string | undefined {
  if (isIPv4(address)) return `${address.split('.').reverse().join('.')}.${zone}`;
  const number = ipv6Number(address);
  if (number === undefined) return undefined;
  return `${[...number.toString(16).padStart(32, '0')].reverse().join('.')}.${zone}`;
}
