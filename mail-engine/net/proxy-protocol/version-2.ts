/**
 * Version 2: twelve bytes of signature, command, family, length, addresses, then type-length-values (section 2.2), of which only
 * a checksum is looked at. More than `MAX_BYTES` in all is refused, though the length field could say 64 KiB.
 */
import { SocketAddress } from 'node:net';
import { crc32c } from './crc32c.ts';
import { type ProxyEndpoint, type ProxyHeader, ProxySyntaxError } from './types.ts';

export const VERSION_2_START = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const FIXED_BYTES = 16;
/** The certificate of a client of the balancer's TLS is the largest thing a balancer may add. */
const MAX_BYTES = 4096;

const LOCAL = 0x20;
const PROXY = 0x21;
const TCP_OVER_IPV4 = 0x11;
const TCP_OVER_IPV6 = 0x21;
/** UNSPEC, and streams and datagrams of the UNIX family: what the connection itself says holds (section 2.2). */
const ADDRESS_BYTES: Readonly<Record<number, number>> = {
  0: 0,
  [TCP_OVER_IPV4]: 12,
  [TCP_OVER_IPV6]: 36,
  49: 216,
  50: 216,
};
const TYPE_CRC32C = 0x03;

function ipv4(bytes: Buffer): string {
  return bytes.join('.');
}

function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

function readEndpoints(block: Buffer, width: 4 | 16): { source: ProxyEndpoint; destination: ProxyEndpoint } {
  const format = width === 4 ? ipv4 : ipv6;
  return {
    source: { address: format(block.subarray(0, width)), port: block.readUInt16BE(2 * width) },
    destination: { address: format(block.subarray(width, 2 * width)), port: block.readUInt16BE(2 * width + 2) },
  };
}

/** Where the value of the checksum stands in `header`; undefined where there is none. Every value has to end within the header. */
function findChecksum(header: Buffer, from: number): number | undefined {
  let found: number | undefined;
  for (let at = from; at < header.length; ) {
    if (at + 3 > header.length) throw new ProxySyntaxError('a value without its length');
    const length = header.readUInt16BE(at + 1);
    if (at + 3 + length > header.length) throw new ProxySyntaxError('a value longer than the header');
    if (header[at] === TYPE_CRC32C) {
      if (length !== 4) throw new ProxySyntaxError('a checksum that is not four bytes long');
      found = at + 3;
    }
    at += 3 + length;
  }
  return found;
}

function requireChecksum(header: Buffer, from: number): void {
  const at = findChecksum(header, from);
  if (at === undefined) return;
  const blank = Buffer.from(header);
  blank.fill(0, at, at + 4);
  if (crc32c(blank) !== header.readUInt32BE(at)) throw new ProxySyntaxError('the checksum is wrong');
}

/** `bytes` begin with `VERSION_2_START`; undefined where the header is not complete yet. */
export function parseVersion2(bytes: Buffer): ProxyHeader | undefined {
  if (bytes.length < FIXED_BYTES) return undefined;
  const [command = 0, family = 0] = bytes.subarray(VERSION_2_START.length);
  if (command !== LOCAL && command !== PROXY) throw new ProxySyntaxError('neither LOCAL nor PROXY of version 2');
  const length = FIXED_BYTES + bytes.readUInt16BE(FIXED_BYTES - 2);
  if (length > MAX_BYTES) throw new ProxySyntaxError(`longer than ${MAX_BYTES} bytes`);
  if (command === PROXY && ADDRESS_BYTES[family] === undefined)
    throw new ProxySyntaxError('a family that is not served');
  if (bytes.length < length) return undefined;
  const header = bytes.subarray(0, length);
  // Whatever family and addresses a LOCAL header holds are to be ignored, and with them where its values begin.
  if (command === LOCAL) return { length, proxied: null };
  const addressBytes = ADDRESS_BYTES[family] ?? 0;
  const values = FIXED_BYTES + addressBytes;
  if (values > length) throw new ProxySyntaxError('addresses cut short');
  requireChecksum(header, values);
  const block = header.subarray(FIXED_BYTES, values);
  if (family === TCP_OVER_IPV4) return { length, proxied: readEndpoints(block, 4) };
  if (family === TCP_OVER_IPV6) return { length, proxied: readEndpoints(block, 16) };
  return { length, proxied: null };
}
