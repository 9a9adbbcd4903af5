import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTransfer } from './decode-text.ts';

function decode(text: string): string {
  return decodeTransfer(Buffer.from(text, 'latin1'), 'quoted-printable').toString('latin1');
}

test.each([
  ['a=20 \t\r\nb', 'a \r\nb'],
  ['soft=\r\n line = \t\nend', 'soft line end'],
  ['the end= \t', 'the end='],
  [' \t\r\n \n\r', '\r\n\n\r'],
  ['=C3=a4=ZZ=', '\u00c3\u00a4=ZZ='],
  ['', ''],
])('%j', (text, decoded) => expect(decode(text)).toBe(decoded));

test('it is what the rules say one after the other', () => {
  const piece = fc.constantFrom('=', ' ', '\t', '\r\n', '\n', 'x', '=41');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      const lines = text.replace(/[\t ]+(?=\r?\n|$)/g, '').replace(/=\r?\n/g, '');
      expect(decode(text)).toBe(lines.replaceAll('=41', 'A'));
    }),
    { numRuns: 10_000 },
  );
});

test('a line of blanks takes four times as long where it is four times as long', () => {
  const timeMs = (length: number): number => {
    const text = `${' '.repeat(length)}x`;
    const began = performance.now();
    expect(decode(text)).toBe(text);
    return performance.now() - began;
  };
  timeMs(100_000);
  expect(timeMs(400_000)).toBeLessThan(10 * timeMs(100_000) + 100);
});
