/** Version 1: one line of text, `PROXY TCP4 192.0.2.1 198.51.100.1 50000 25` and CRLF, 107 bytes at most (section 2.1). */
import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { type ProxyEndpoint, type ProxyHeader, ProxySyntaxError } from './types.ts';

export const VERSION_1_START = Buffer.from('PROXY ');
const MAX_BYTES = 107;
/** Five digits at most and no zero before another. */
const PORT = /^(?:0|[1-9]\d{0,4})$/;

function expectEndpoint(family: 'ipv4' | 'ipv6', address: string, port: string): ProxyEndpoint {
  const isAddress = family === 'ipv4' ? isIPv4 : isIPv6;
  if (!isAddress(address) || address.includes('%')) throw new ProxySyntaxError('not an address of the named family');
  if (!PORT.test(port) || Number(port) > 65_535) throw new ProxySyntaxError('not a port');
  return { address: new SocketAddress({ address, family }).address, port: Number(port) };
}

function parseWords(words: readonly string[]): ProxyHeader['proxied'] {
  const [protocol, source = '', destination = '', sourcePort = '', destinationPort = ''] = words;
  if (protocol === 'UNKNOWN') return null;
  if (words.length !== 5 || (protocol !== 'TCP4' && protocol !== 'TCP6')) {
    throw new ProxySyntaxError('not a header of version 1');
  }
  const family = protocol === 'TCP4' ? 'ipv4' : 'ipv6';
  return {
    source: expectEndpoint(family, source, sourcePort),
    destination: expectEndpoint(family, destination, destinationPort),
  };
}

/** `bytes` begin with `VERSION_1_START`; undefined where the line has not ended yet. */
export function parseVersion1(bytes: Buffer): ProxyHeader | undefined {
  const end = bytes.subarray(0, MAX_BYTES).indexOf('\r\n');
  if (end < 0) {
    if (bytes.length >= MAX_BYTES) throw new ProxySyntaxError(`longer than ${MAX_BYTES} bytes`);
    return undefined;
  }
  const words = bytes.toString('latin1', VERSION_1_START.length, end).split(' ');
  return { length: end + 2, proxied: parseWords(words) };
}
