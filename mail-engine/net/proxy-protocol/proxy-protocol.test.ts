import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c } from './crc32c.ts';
import { parseProxyHeader } from './parse-header.ts';
import { ProxySyntaxError } from './types.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const v2 = (command: number, family: number, payload: string, length = payload.length / 2) => {
  const fixed = Buffer.from([command, family, length >> 8, length & 0xff]).toString('hex');
  return Buffer.from(`${SIGNATURE}${fixed}${payload}`, 'hex');
};
const IPV4 = 'c0000201c6336401c3500019'; // 192.0.2.1:50000 → 198.51.100.1:25
const IPV6 = `20010db8${'00'.repeat(11)}01${'00'.repeat(15)}01c3500019`;

describe('version 1', () => {
  test.each([
    ['PROXY TCP4 192.0.2.1 198.51.100.1 50000 25\r\n', '192.0.2.1', 50_000, '198.51.100.1', 25],
    ['PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n', '255.255.255.255', 65_535, '0.0.0.0', 0],
    ['PROXY TCP6 2001:DB8:0:0:0::1 ::1 1 143\r\n', '2001:db8::1', 1, '::1', 143],
    [
      'PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      65_535,
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      65_535,
    ],
  ])('%j', (line, address, port, toAddress, toPort) => {
    expect(parseProxyHeader(Buffer.from(`${line}EHLO`))).toEqual({
      length: line.length,
      proxied: { source: { address, port }, destination: { address: toAddress, port: toPort } },
    });
  });

  test.each(['PROXY UNKNOWN\r\n', 'PROXY UNKNOWN ffff:: ffff:: 65535 65535\r\n'])('%j says nothing', (line) => {
    expect(parseProxyHeader(Buffer.from(line))).toEqual({ length: line.length, proxied: null });
  });

  test.each([
    'EHLO example.com\r\n',
    'PROXX',
    'proxy TCP4 192.0.2.1 198.51.100.1 50000 25\r\n',
    'PROXY \r\n',
    'PROXY TCP4\r\n',
    'PROXY TCP5 192.0.2.1 198.51.100.1 50000 25\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.1 50000\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.1 50000 25 \r\n',
    'PROXY TCP4  192.0.2.1 198.51.100.1 50000 25\r\n',
    'PROXY TCP4 192.0.2.256 198.51.100.1 50000 25\r\n',
    'PROXY TCP4 2001:db8::1 2001:db8::2 50000 25\r\n',
    'PROXY TCP6 192.0.2.1 198.51.100.1 50000 25\r\n',
    'PROXY TCP6 fe80::1%eth0 ::1 50000 25\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.1 65536 25\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.1 050 25\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.1 -1 25\r\n',
    'PROXY TCP4 192.0.2.1\n198.51.100.1 5 25\r\n',
    `PROXY UNKNOWN ${'x'.repeat(100)}\r\n`,
    `PROXY TCP4 ${'1'.repeat(96)}`,
  ])('%j is refused', (line) => {
    expect(() => parseProxyHeader(Buffer.from(line))).toThrow(ProxySyntaxError);
  });
});

describe('version 2', () => {
  const ipv4 = { source: { address: '192.0.2.1', port: 50_000 }, destination: { address: '198.51.100.1', port: 25 } };
  const ipv6 = { source: { address: '2001:db8::1', port: 50_000 }, destination: { address: '::1', port: 25 } };

  test.each([
    ['TCP over IPv4', v2(0x21, 0x11, IPV4), ipv4],
    ['TCP over IPv6', v2(0x21, 0x21, IPV6), ipv6],
    ['values after the addresses', v2(0x21, 0x11, `${IPV4}040000ee0003616263`), ipv4],
    ['LOCAL, whatever it carries', v2(0x20, 0x11, `${IPV4}ff`), null],
    ['LOCAL of a family nobody knows', v2(0x20, 0xff, ''), null],
    ['UNSPEC', v2(0x21, 0x00, ''), null],
    ['UNSPEC with values', v2(0x21, 0x00, '040001aa'), null],
    ['a UNIX socket', v2(0x21, 0x31, '61'.repeat(216)), null],
  ])('%s', (_name, bytes, proxied) => {
    const followed = Buffer.concat([bytes, Buffer.from('\r\nEHLO')]);
    expect(parseProxyHeader(followed)).toEqual({ length: bytes.length, proxied });
  });

  function withChecksum(fault: number): Buffer {
    const header = v2(0x21, 0x11, `${IPV4}03000400000000040001aa`);
    header.writeUInt32BE((crc32c(header) ^ fault) >>> 0, header.length - 8);
    return header;
  }

  test('a checksum that is right', () => expect(parseProxyHeader(withChecksum(0))?.proxied).toEqual(ipv4));

  test.each([
    ['a checksum that is wrong', withChecksum(1)],
    ['a checksum of two bytes', v2(0x21, 0x11, `${IPV4}0300020000`)],
    ['version 1 in binary', v2(0x11, 0x11, IPV4)],
    ['an unknown command', v2(0x22, 0x11, IPV4)],
    ['datagrams', v2(0x21, 0x12, IPV4)],
    ['an unknown family', v2(0x21, 0x41, IPV4)],
    ['addresses cut short', v2(0x21, 0x21, IPV4)],
    ['a value longer than the header', v2(0x21, 0x11, `${IPV4}040002aa`)],
    ['a value without its length', v2(0x21, 0x11, `${IPV4}0400`)],
    ['64 KiB, refused before they come', v2(0x21, 0x11, IPV4, 65_535)],
    ['a signature with one byte wrong', Buffer.from('0d0a0d0a000d0a51554954ff', 'hex')],
  ])('%s is refused', (_name, bytes) => {
    expect(() => parseProxyHeader(bytes)).toThrow(ProxySyntaxError);
  });

  test('CRC-32C of the vectors of RFC 3720', () => {
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, index) => index)))).toBe(0x46dd794e);
  });
});

const HEADERS = [
  Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.1 50000 25\r\n'),
  Buffer.from('PROXY UNKNOWN\r\n'),
  v2(0x21, 0x11, `${IPV4}040001aa`),
  v2(0x21, 0x21, IPV6),
  v2(0x20, 0x00, ''),
];

test('every beginning of a header waits for the rest, and the whole ends where it ends', () => {
  for (const header of HEADERS) {
    for (let length = 0; length < header.length; length++) {
      expect(parseProxyHeader(header.subarray(0, length))).toBeUndefined();
    }
    expect(parseProxyHeader(header)?.length).toBe(header.length);
  }
});

test('whatever comes is a header within bounds, needs more, or is refused', () => {
  const mutated = fc
    .tuple(fc.constantFrom(...HEADERS), fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 4 }), fc.uint8Array())
    .map(([header, changes, tail]) => {
      const bytes = Buffer.concat([header, tail]);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes;
    });
  const property = fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 6_000 }).map(Buffer.from)), (bytes) => {
    try {
      const header = parseProxyHeader(bytes);
      if (!header) return bytes.length < 4096;
      const { proxied, length } = header;
      return length <= Math.min(bytes.length, 4096) && (!proxied || isIP(proxied.source.address) !== 0);
    } catch (error) {
      return error instanceof ProxySyntaxError;
    }
  });
  fc.assert(property, { numRuns: 3_000 });
});
