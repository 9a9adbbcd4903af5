import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataDecoder } from './data-decoder.ts';
import { DotStuffer } from './dot-stuffing.ts';
import { LineNormaliser } from './line-normaliser.ts';

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

function normalise(chunks: readonly Buffer[]): Buffer {
  const normaliser = new LineNormaliser();
  return Buffer.concat([...chunks.map((chunk) => Buffer.from(normaliser.normalise(chunk))), normaliser.end()]);
}

/** As it goes out by DATA. */
function send(chunks: readonly Buffer[]): string {
  const normaliser = new LineNormaliser();
  const stuffer = new DotStuffer();
  const pieces = chunks.flatMap((chunk) => stuffer.stuff(normaliser.normalise(chunk)));
  pieces.push(...stuffer.stuff(normaliser.end()), stuffer.end());
  return Buffer.concat(pieces).toString('latin1');
}

test.each([
  ['a\r\nb\r\n', 'a\r\nb\r\n'],
  ['a\nb\rc', 'a\r\nb\r\nc'],
  ['\r\r\n\n', '\r\n\r\n\r\n'],
  ['a\r', 'a\r\n'],
  ['a\0b\r\n', 'ab\r\n'],
  ['', ''],
])('%j becomes %j', (stored, sent) => {
  const bytes = Buffer.from(stored);
  expect(normalise([bytes]).toString()).toBe(sent);
  expect(normalise(Array.from(bytes, (byte) => Buffer.from([byte]))).toString()).toBe(sent);
});

test('clean bytes are the very same', () => {
  const chunk = Buffer.from('a\r\n.\r\nb');
  expect(new LineNormaliser().normalise(chunk)).toBe(chunk);
});

describe('nothing that ends a message for anybody is sent before its end', () => {
  /** CVE-2023-51764 to 51766 and their kin: a period alone between any two line ends, NULs strewn in. */
  const FALSE_ENDS = ['\n.\n', '\n.\r\n', '\r.\r', '\r.\r\n', '\r\n.\n', '\r\n.\r', '\n.\r', '\r.\n', '\r\n.\r\n'];
  const NULS = [
    '\r\n.\0\r\n',
    '\r\n\0.\r\n',
    '\r\0\n.\r\n',
    '\r\n.\r\0\n',
    '\n\0.\0\n',
    '\r\n.\r\r\n',
    '\r\r\n.\r\r\n',
  ];

  /** By the most generous reading there is: NUL is nothing, CR and LF in any number end a line. */
  const generousEnd = (sent: string) => /(?:^|[\r\n]+)\.[\r\n]+/.exec(sent.replaceAll('\0', ''));

  function expectOneEnd(sent: string): void {
    const end = generousEnd(sent);
    expect((end?.index ?? 0) + (end?.[0].length ?? 0)).toBe(sent.length);
    expect(sent).not.toMatch(/\r(?!\n)|(?<!\r)\n|\0/);
  }

  test.each([...FALSE_ENDS, ...NULS])('%j, cut at every byte', (sequence) => {
    const bytes = Buffer.from(`Subject: x\r\n\r\nouter${sequence}MAIL FROM:<x@evil.example>\r\n`, 'latin1');
    expectOneEnd(send([bytes]));
    for (let at = 1; at < bytes.length; at += 1) expectOneEnd(send([bytes.subarray(0, at), bytes.subarray(at)]));
    expectOneEnd(send(Array.from(bytes, (byte) => Buffer.from([byte]))));
  });

  test('nor by anything else, and what arrives is what was meant', () => {
    const piece = fc.constantFrom('\r\n', '\r', '\n', '\0', '.', '..', 'a', '\r\n.\r\n', '\n.\n', '\xe9');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), fc.array(fc.nat(), { maxLength: 8 }), (pieces, at) => {
        const chunks = cut(Buffer.from(pieces.join(''), 'latin1'), at);
        const sent = send(chunks);
        expectOneEnd(sent);
        const taken: Buffer[] = [];
        const decoder = new DataDecoder(1_000_000);
        expect(decoder.decode(Buffer.from(sent, 'latin1'), (content) => taken.push(content))).toBe(sent.length);
        const meant = normalise(chunks).toString('latin1');
        expect(Buffer.concat(taken).toString('latin1')).toBe(
          meant === '' || meant.endsWith('\r\n') ? meant : `${meant}\r\n`,
        );
      }),
      { numRuns: 3000 },
    );
  });
});
