/**
 * Which addresses mail may be sent to when they come out of somebody else's DNS. A stranger's MX that points at this machine or
 * into its own network would make the engine talk to services nobody meant to open, so such addresses are passed over unless the
 * setting `allowPrivateDestinations` says otherwise. Blocks: the IANA special-purpose registries (RFC 6890).
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

// Two lists: one that holds both families compares IPv4 addresses, mapped, with the IPv6 networks.
const SPECIAL_IPV4 = new BlockList();
const SPECIAL_IPV6 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  SPECIAL_IPV4.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 8],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  SPECIAL_IPV6.addSubnet(network, prefix, 'ipv6');
}

export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !SPECIAL_IPV4.check(address, 'ipv4');
  return isIPv6(address) && !SPECIAL_IPV6.check(address, 'ipv6');
}
