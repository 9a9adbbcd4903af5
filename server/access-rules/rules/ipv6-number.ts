import { isIPv6 } from 'node:net';

function toGroups(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

/** The 128 bits of an IPv6 address (RFC 4291 §2.2); undefined for anything else, a zone index too. */
export function ipv6Number(address: string): bigint | undefined {
  if (!isIPv6(address) || address.includes('%')) return undefined;
  const [head = '', tail] = address.split('::');
  const left = toGroups(head);
  const right = toGroups(tail ?? '');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0);
  return [...left, ...zeros, ...right].reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
}
