/**
 * Values by network, asked by address: one look-up for each length of network there is, however many networks. Addresses are
 * compared as numbers.
 */
import { isIPv4 } from 'node:net';

interface Network {
  address: string;
  family: 'ipv4' | 'ipv6';
  prefix: number;
}

export interface NetworkTable<Value> {
  /** True where one of the networks that hold `address` (valid, not IPv4-mapped) has a value that passes. */
  some(address: string, test: (value: Value) => boolean): boolean;
}

const WIDTHS = { ipv4: 32n, ipv6: 128n } as const;

function toNumber(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}

export function createNetworkTable<Value>(entries: readonly (readonly [Network, Value])[]): NetworkTable<Value> {
  const byLength = { ipv4: new Map<bigint, Map<bigint, Value[]>>(), ipv6: new Map<bigint, Map<bigint, Value[]>>() };
  for (const [{ address, family, prefix }, value] of entries) {
    const shift = WIDTHS[family] - BigInt(prefix);
    const networks = byLength[family].get(shift) ?? new Map<bigint, Value[]>();
    byLength[family].set(shift, networks);
    const key = toNumber(address) >> shift;
    const values = networks.get(key);
    if (values) values.push(value);
    else networks.set(key, [value]);
  }
  return {
    some: (address, test) => {
      const lengths = byLength[isIPv4(address) ? 'ipv4' : 'ipv6'];
      if (lengths.size === 0) return false;
      const number = toNumber(address);
      for (const [shift, networks] of lengths) {
        if (networks.get(number >> shift)?.some(test)) return true;
      }
      return false;
    },
  };
}
