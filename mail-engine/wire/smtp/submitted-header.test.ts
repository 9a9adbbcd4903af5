import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SubmittedHeader } from './submitted-header.ts';

function judge(pieces: readonly Buffer[]): string | null {
  const header = new SubmittedHeader();
  for (const piece of pieces) header.push(piece);
  header.finish();
  return header.problem?.text ?? null;
}

const judgeText = (text: string | Buffer) => judge([Buffer.isBuffer(text) ? text : Buffer.from(text)]);
const FROM = 'From: a@b\r\n';

test.each([
  ['From: a@b\r\n\r\nbody', null],
  ['From: a@b', null],
  ['From : a@b\r\n\tfolded\r\nX-Empty:\r\n\r\n', null],
  [`${FROM}Subject: gr\u00fc\u00df\r\n\r\n`, null],
  [`${FROM}\r\nFrom: in@the.body\r\nnot a field\r\n`, null],
  ['\r\nFrom: a@b\r\n', 'No From field'],
  ['', 'No From field'],
  ['To: a@b\r\n\r\n', 'No From field'],
  [`${FROM}from: c@d\r\n\r\n`, 'More than one from field'],
  [`${FROM}Subject: x\r\nSUBJECT : y\r\n\r\n`, 'More than one SUBJECT field'],
  [`${FROM}Date: x\r\nDate: y\r\n\r\n`, 'More than one Date field'],
  [`From a@b Mon Jan 1\r\n${FROM}\r\n`, 'Line 1 of the header is no field'],
  [` folded\r\n${FROM}\r\n`, 'Line 1 of the header is no field'],
  [`${FROM}Bcc\r\n : x@y\r\n\r\n`, 'Line 2 of the header is no field'],
  [`${FROM}Bcc${' '.repeat(17)}: x@y\r\n\r\n`, 'Line 2 of the header is no field'],
  [`${FROM}Sub ject: x\r\n\r\n`, 'Line 2 of the header is no field'],
  [`${FROM}Gr\u00fc\u00df: x\r\n\r\n`, 'Line 2 of the header is no field'],
  [`${FROM}: x\r\n\r\n`, 'Line 2 of the header is no field'],
  [`${FROM}${'X: y\r\n'.repeat(1000)}\r\n`, 'Too many header fields'],
  [`${FROM}${`X: ${'y'.repeat(1000)}\r\n`.repeat(270)}\r\n`, 'Header too big'],
])('%#', (message, problem) => expect(judgeText(message)).toBe(problem));

test('what is neither ASCII nor UTF-8 is refused', () => {
  const header = Buffer.concat([Buffer.from(`${FROM}Subject: `), Buffer.from([0xfc, 0xdf]), Buffer.from('\r\n\r\n')]);
  expect(judgeText(header)).toBe('The header is neither ASCII nor UTF-8');
});

test('the verdict does not depend on how the message is cut', () => {
  const piece = fc.constantFrom('From: a@b', 'Subject: x', '\r\n', '\r', '\n', ' ', ':', 'Bcc', '\r\n\r\n', 'body');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(200), { maxLength: 6 }), (pieces, at) => {
      const text = Buffer.from(pieces.join(''));
      const cuts = [0, ...at.map((cut) => Math.min(cut, text.length)), text.length].sort((a, b) => a - b);
      const parts = cuts.slice(1).map((cut, index) => text.subarray(cuts[index], cut));
      expect(judge(parts)).toBe(judgeText(text));
    }),
    { numRuns: 2000 },
  );
});
