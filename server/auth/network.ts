/** Which network a client belongs to when its failures are counted: one IPv4 address, or the /64 an IPv6 host is given (RFC 6177). */
import { isIPv4, isIPv6 } from 'node:net';

/** The eight groups of a valid IPv6 address, in canonical form. */
function groups(address: string): string[] {
  // URL's serialisation turns embedded IPv4 into groups and drops leading zeros.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
}

function toIPv4(high: string, low: string): string {
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join('.');
}

/** `peer` as the database takes an address: IPv4-mapped ones as IPv4 (RFC 4291 §2.5.5.2), no zone; null for what is none. */
export function addressOf(peer: string): string | null {
  const [address = ''] = peer.split('%');
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  const parts = groups(address);
  if (parts.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return toIPv4(parts[6] ?? '0', parts[7] ?? '0');
  return parts.join(':');
}

/** `192.0.2.1/32` or `2001:db8:0:1/64`; IPv4-mapped addresses count as IPv4, what is no address as `unknown`. */
export function networkOf(peer: string): string {
  const address = addressOf(peer);
  if (address === null) return 'unknown';
  return isIPv4(address) ? `${address}/32` : `${address.split(':').slice(0, 4).join(':')}/64`;
}

/**
 * The same network in CIDR, for a ban; null for what is never banned by itself: loopback, where a proxy of our own may stand for
 * everybody, and what is no address.
 */
export function bannableNetwork(peer: string): string | null {
  const address = addressOf(peer);
  if (address === null || address.startsWith('127.') || address === '0:0:0:0:0:0:0:1') return null;
  return isIPv4(address) ? `${address}/32` : `${address.split(':').slice(0, 4).join(':')}::/64`;
}
