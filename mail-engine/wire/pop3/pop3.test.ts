import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseNumbers, parsePop3Line } from './command-line.ts';
import { TopLines } from './top-lines.ts';

test.each([
  ['retr 1\r\n', { keyword: 'RETR', argument: '1' }],
  ['PASS two words \r\n', { keyword: 'PASS', argument: 'two words ' }],
  ['QUIT\r\n', { keyword: 'QUIT', argument: '' }],
])('%j', (text, expected) => expect(parsePop3Line(Buffer.from(text))).toEqual(expected));

test.each(['QUIT\n', 'QU\rIT\r\n', '\r\n', 'NOOP\0\r\n', '12\r\n', 'TOOLONGWORD\r\n', 'PASS \xff\r\n'])(
  '%j is refused',
  (text) => {
    expect(() => parsePop3Line(Buffer.from(text, 'latin1'))).toThrow();
  },
);

test('numbers', () => {
  expect(parseNumbers(' 1  2 ', 1, 2)).toEqual([1, 2]);
  expect(parseNumbers('', 0, 1)).toEqual([]);
  for (const wrong of ['', '1 2 3', '-1', '1.5', 'x', '99999999999']) expect(() => parseNumbers(wrong, 1, 2)).toThrow();
});

const MESSAGE = 'A: b\r\n c\r\n\r\none\r\n\r\nthree\r\nlast';

test.each([
  [0, 'A: b\r\n c\r\n\r\n'],
  [1, 'A: b\r\n c\r\n\r\none\r\n'],
  [3, 'A: b\r\n c\r\n\r\none\r\n\r\nthree\r\n'],
  [9, MESSAGE],
])('TOP with %i lines, in any cutting', (lines, expected) => {
  fc.assert(
    fc.property(fc.array(fc.nat(MESSAGE.length), { maxLength: 6 }), (cuts) => {
      const places = [...new Set(cuts)].sort((a, b) => a - b);
      const top = new TopLines(lines);
      const out = [0, ...places].map((from, index) =>
        top.take(Buffer.from(MESSAGE.slice(from, places[index] ?? MESSAGE.length))).toString(),
      );
      expect(out.join('')).toBe(expected);
    }),
  );
});
