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

/** What a per-address limit counts: an IPv4 address, or the /64 that one IPv6 customer usually has. */
export function limitKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length) }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}
