/**
 * What a rule's address stands for: the keys that tcprules would write for it, or an IPv6 network. Addresses are stored verbatim;
 * in one without `=` and `@` the first number range is expanded, one key a value, its end cut to 255.
 *
 * Extension: an IPv4 network in CIDR notation. One of whole octets is another spelling of the dotted prefix; any other is expanded
 * to the dotted prefixes (or addresses, when longer than /24) it consists of.
 */
import { isIPv4 } from 'node:net';
import { ipv6Number } from './ipv6-number.ts';

export type Expansion =
  /** `prefixBits`: of a network that was cut up; null where the keys stand for themselves. */
  | { kind: 'keys'; keys: readonly string[]; prefixBits: number | null }
  | { kind: 'ipv6'; network: bigint; bits: number }
  | { kind: 'error'; message: string };

const CIDR = /^([0-9.]+)\/(\d{1,3})$/;
const MAX_VALUE = 255n;

/** As tcprules reads digits: none are 0, too many wrap around. */
function readNumber(digits: string): bigint | undefined {
  return /^\d*$/.test(digits) ? BigInt.asUintN(64, BigInt(digits || '0')) : undefined;
}

function expandRange(address: string, dash: number): Expansion {
  const left = address.lastIndexOf('.', dash) + 1;
  const dot = address.indexOf('.', dash);
  const right = dot < 0 ? address.length : dot;
  const low = readNumber(address.slice(left, dash));
  const high = readNumber(address.slice(dash + 1, right));
  if (low === undefined || high === undefined) {
    return { kind: 'error', message: 'A range is written with two numbers, like 192.0.2.1-20.' };
  }
  const keys: string[] = [];
  for (let value = low; value <= high && value <= MAX_VALUE; value += 1n) {
    keys.push(`${address.slice(0, left)}${value}${address.slice(right)}`);
  }
  return { kind: 'keys', keys, prefixBits: null };
}

function toIpv4(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

/** The key of `number`'s first `octets` octets: a prefix with its final dot, or the whole address. */
function keyOf(number: number, octets: number): string {
  const parts = toIpv4(number).split('.').slice(0, octets);
  return octets === 4 ? parts.join('.') : `${parts.join('.')}.`;
}

function expandNetwork(address: string, bits: number): Expansion {
  if (!isIPv4(address)) return { kind: 'error', message: `${address} is not an IPv4 address.` };
  if (bits > 32) return { kind: 'error', message: 'An IPv4 network has at most 32 bits.' };
  const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - bits);
  if (number % size !== 0) {
    const start = toIpv4(number - (number % size));
    return { kind: 'error', message: `The network that ${address} is in begins at ${start}: write ${start}/${bits}.` };
  }
  const octets = Math.max(1, Math.ceil(bits / 8));
  const step = 2 ** (32 - octets * 8);
  const keys = Array.from({ length: size / step }, (_, index) => keyOf(number + index * step, octets));
  return { kind: 'keys', keys, prefixBits: keys.length === 1 ? null : bits };
}

function expandIpv6(text: string): Expansion {
  const [address = '', length, more] = text.split('/');
  const number = ipv6Number(address);
  const bits = length === undefined ? 128 : Number(length);
  if (number === undefined || more !== undefined)
    return { kind: 'error', message: `${address} is not an IPv6 address.` };
  if (bits > 128) return { kind: 'error', message: 'An IPv6 network has at most 128 bits.' };
  const rest = BigInt(128 - bits);
  const network = number >> rest;
  if (network << rest !== number) {
    return { kind: 'error', message: `${text} has bits set beyond its length of ${bits}.` };
  }
  return { kind: 'ipv6', network, bits };
}

export function expandAddress(address: string): Expansion {
  if (address.includes(':')) return expandIpv6(address);
  const [, network, bits] = CIDR.exec(address) ?? [];
  if (network !== undefined) return expandNetwork(network, Number(bits));
  const dash = address.indexOf('-');
  if (dash < 0 || /[=@]/.test(address)) return { kind: 'keys', keys: [address], prefixBits: null };
  return expandRange(address, dash);
}
