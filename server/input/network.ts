/** Networks as people write them: `192.0.2.0/24`, `2001:db8::/32`, or one address. */
import { BlockList, isIP, isIPv4 } from 'node:net';
import { z } from 'zod';

interface Network {
  address: string;
  family: 'ipv4' | 'ipv6';
  /** Leading bits that count. */
  prefix: number;
}

const WIDTHS = { ipv4: 32, ipv6: 128 } as const;
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;

/** CIDR or a plain address; anything else, a zone index too, is undefined. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  if (isIP(address) === 0 || address.includes('%')) return undefined;
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (slash < 0) return { address, family, prefix: WIDTHS[family] };
  const bits = text.slice(slash + 1);
  if (!PREFIX.test(bits) || Number(bits) > WIDTHS[family]) return undefined;
  return { address, family, prefix: Number(bits) };
}

/** One network, in lower case; the refusal names what was written. */
export const networkInput = z
  .string({ error: 'Enter an address or a network.' })
  .trim()
  .toLowerCase()
  .max(64, 'This is too long for a network.')
  .refine((text) => parseNetwork(text) !== undefined, {
    error: ({ input }) =>
      `“${String(input)}” is not an address or network: write it like 192.0.2.0/24 or 2001:db8::/32.`,
  });

export interface NetworkSet {
  /** `address` is IPv4 or IPv6; an IPv4-mapped one counts as its IPv4 address. What is no address is in no network. */
  has(address: string): boolean;
}

/** Entries that are no networks are passed over: the input schema refuses them before they are stored. */
export function createNetworkSet(networks: readonly string[]): NetworkSet {
  // Two lists: one that holds both families compares IPv4 addresses, mapped, with the IPv6 networks.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const text of networks) {
    const network = parseNetwork(text);
    if (network) lists[network.family].addSubnet(network.address, network.prefix, network.family);
  }
  return {
    has: (address) => {
      const version = isIP(address);
      if (version === 4) return lists.ipv4.check(address);
      return version === 6 && (lists.ipv4.check(address, 'ipv6') || lists.ipv6.check(address, 'ipv6'));
    },
  };
}
