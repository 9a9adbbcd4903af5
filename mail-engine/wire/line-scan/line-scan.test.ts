import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import wabt from 'wabt';
import { BARE_CR, BARE_LF, HIGH, LineScan, NUL, WINDOW_BYTES } from './line-scan.ts';
import { MODULE_BASE64 } from './module-bytes.ts';

const CR = 0x0d;
const LF = 0x0a;

interface Facts {
  flags: number;
  lineFeeds: number[];
}

function scanned(bytes: Uint8Array, afterCr: boolean): Facts {
  const scan = new LineScan(bytes, afterCr);
  const lineFeeds: number[] = [];
  for (let lf = scan.next(); lf >= 0; lf = scan.next()) lineFeeds.push(lf);
  return { flags: scan.flags, lineFeeds };
}

/** What the scan promises, byte by byte. */
function looked(bytes: Uint8Array, afterCr: boolean): Facts {
  const facts: Facts = { flags: 0, lineFeeds: [] };
  let previousIsCr = afterCr;
  for (const [at, byte] of bytes.entries()) {
    if (byte === LF) facts.lineFeeds.push(at);
    if (byte === LF && !previousIsCr) facts.flags |= BARE_LF;
    if (byte !== LF && previousIsCr) facts.flags |= BARE_CR;
    if (byte === 0) facts.flags |= NUL;
    if (byte > 0x7f) facts.flags |= HIGH;
    previousIsCr = byte === CR;
  }
  return facts;
}

const nastyByte = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(CR, LF, 0, 0x80, 0xff, 0x7f, 0x0b, 0x0c, 0x0e, 0x8a, 0x8d) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 255 }) },
);
const plainByte = fc.integer({ min: 0x20, max: 0x7e });

/** `length` bytes: `filler` with `spots` put at places from the beginning and from the end. */
function spotted(length: number, filler: string, spots: readonly (readonly [number, number])[]): Buffer {
  const bytes = Buffer.alloc(length, filler);
  for (const [place, byte] of spots) bytes[(place + length) % length] = byte;
  return bytes;
}

test('the committed bytes are the assembled text', async () => {
  const { parseWat } = await wabt();
  const text = await readFile(new URL('line-scan.wat', import.meta.url), 'utf8');
  const module = parseWat('line-scan.wat', text);
  module.validate();
  expect(MODULE_BASE64).toBe(Buffer.from(module.toBinary({}).buffer).toString('base64'));
});

describe('a scan says what a look at each byte says', () => {
  test('at every length, of bytes that may all matter', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    const nasty = fc.array(nastyByte, { maxLength: 300, size: 'max' }).map((codes) => Buffer.from(codes));
    fc.assert(
      fc.property(fc.oneof(bytes, nasty), fc.boolean(), (content, afterCr) => {
        expect(scanned(content, afterCr)).toEqual(looked(content, afterCr));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([CR, LF, 0, 0x80, 0xff])('of one byte %i at every place of every length', (byte) => {
    for (let length = 1; length <= 66; length++) {
      for (let at = 0; at < length; at++) {
        for (const filler of ['a', '\r\n']) {
          const content = spotted(length, filler, [[at, byte]]);
          for (const afterCr of [false, true]) expect(scanned(content, afterCr)).toEqual(looked(content, afterCr));
        }
      }
    }
  });

  test.each(['\r\n', '\ra', 'a\n', '\r\r', '\n\r', '\0a', 'a\xff'])('of %j across the end of a window', (pair) => {
    for (const edge of [WINDOW_BYTES, 2 * WINDOW_BYTES]) {
      const content = Buffer.alloc(2 * WINDOW_BYTES + 10, 'a');
      content.write(pair, edge - 1, 'latin1');
      for (const afterCr of [false, true]) expect(scanned(content, afterCr)).toEqual(looked(content, afterCr));
    }
  });

  test('around the ends of windows', () => {
    const length = fc
      .tuple(fc.constantFrom(1, 2, 3), fc.integer({ min: -20, max: 20 }))
      .map(([windows, more]) => windows * WINDOW_BYTES + more);
    const place = fc
      .tuple(fc.constantFrom(0, WINDOW_BYTES, 2 * WINDOW_BYTES), fc.integer({ min: -20, max: 20 }))
      .map(([edge, more]) => edge + more);
    const spots = fc.array(fc.tuple(place, fc.oneof(nastyByte, plainByte)), { maxLength: 30 });
    fc.assert(
      fc.property(
        length,
        fc.constantFrom('a', '\n', 'line\r\n'),
        spots,
        fc.boolean(),
        (size, filler, marks, afterCr) => {
          const content = spotted(size, filler, marks);
          const facts = scanned(content, afterCr);
          const expected = looked(content, afterCr);
          expect(facts.flags).toBe(expected.flags);
          // Compared as bytes: there are up to 200,000 of them.
          const raw = (offsets: number[]): Buffer => Buffer.from(Uint32Array.from(offsets).buffer);
          expect(raw(facts.lineFeeds).equals(raw(expected.lineFeeds))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('scans used side by side do not see each other', () => {
  const one = new LineScan(Buffer.from('a\nb\nc\n'), false);
  expect(one.next()).toBe(1);
  const other = new LineScan(Buffer.alloc(WINDOW_BYTES + 2, '\n'), false);
  expect([one.next(), other.next(), one.next(), other.next()]).toEqual([3, 0, 5, 1]);
  expect([one.next(), other.next()]).toEqual([-1, 2]);
});

test('nothing of an earlier scan is left', () => {
  scanned(Buffer.alloc(WINDOW_BYTES, '\r\0\xff\n', 'latin1'), true);
  expect(scanned(Buffer.from('ab'), false)).toEqual({ flags: 0, lineFeeds: [] });
  expect(scanned(Buffer.alloc(0), true)).toEqual({ flags: 0, lineFeeds: [] });
});
