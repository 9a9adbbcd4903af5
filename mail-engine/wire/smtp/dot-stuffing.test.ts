import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DotStuffer } from './dot-stuffing.ts';

function stuff(text: string, chunkSize: number): string {
  const stuffer = new DotStuffer();
  const bytes = Buffer.from(text, 'latin1');
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize)
    pieces.push(...stuffer.stuff(bytes.subarray(at, at + chunkSize)));
  pieces.push(stuffer.end());
  return Buffer.concat(pieces).toString('latin1');
}

test.each([
  ['', '.\r\n'],
  ['a\r\n', 'a\r\n.\r\n'],
  ['a', 'a\r\n.\r\n'],
  ['a\n', 'a\n\r\n.\r\n'],
  ['.\r\n', '..\r\n.\r\n'],
  ['.', '..\r\n.\r\n'],
  ['a\r\n.\r\n.b\r\n..c\r\n', 'a\r\n..\r\n..b\r\n...c\r\n.\r\n'],
  ['a\n.\r\nb\r\n', 'a\n..\r\nb\r\n.\r\n'],
])('%j → %j, in chunks of any size', (plain, stuffed) => {
  for (const size of [1, 2, 3, 100]) expect(stuff(plain, size)).toBe(stuffed);
});

test('no line is a single period before the end, and taking the doubled ones out gives the message back', () => {
  const piece = fc.constantFrom('\r\n', '\n', '.', '..', 'a', '\r');
  fc.assert(
    fc.property(fc.array(piece), fc.integer({ min: 1, max: 7 }), (pieces, size) => {
      const plain = `${pieces.join('')}\r\n`;
      const sent = stuff(plain, size);
      expect(sent.slice(0, -3)).not.toMatch(/(^|\n)\.(\r|\n|$)/);
      expect(sent.slice(0, -3).replaceAll(/(^|\n)\./g, '$1')).toBe(plain);
    }),
  );
});
