/** Addresses of peers, in one spelling each, so that limits and logs cannot be dodged by notation. */
import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** IPv4-mapped IPv6 (RFC 4291 §2.5.5.2) becomes plain IPv4; a zone index goes. */
export function normalizeAddress(address: string): string {
  const bare = address.replace(/%.*$/, '').toLowerCase();
  return MAPPED_IPV4.exec(bare)?.[1] ?? bare;
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** The first `count` groups of an IPv6 address, zeros that `::` stands for written out. */
function leadingGroups(address: string, count: number): string {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right].slice(0, count).join(':');
}

/** What a per-address limit counts: an IPv4 address, or the /64 that one IPv6 customer usually has. */
export function limitKey(address: string): string {
  return isIPv6(address) ? `${leadingGroups(address, 4)}::/64` : address;
}

/** What a per-network limit counts: the /24 of an IPv4 address, the /48 that one IPv6 site usually has. */
export function networkKey(address: string): string {
  if (!isIPv6(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
  return `${leadingGroups(address, 3)}::/48`;
}
