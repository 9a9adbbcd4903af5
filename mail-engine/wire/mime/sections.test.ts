import { expect, test } from 'vitest';
import { scanMessage } from './scanner.ts';
import { resolveSection, type SectionPart } from './sections.ts';

/** The shape of RFC 9051 §6.4.5.1's example: text, picture, message (text, picture), multipart (picture, text). */
const SOURCE = Buffer.from(
  [
    ...['Subject: outer', 'Content-Type: multipart/mixed; boundary=a', '', '--a', 'X: 1', '', 'one', '--a'],
    ...['Content-Type: image/gif', '', 'two', '--a', 'Content-Type: message/rfc822', '', 'Subject: inner'],
    ...[
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'X: 3.1',
      '',
      'three-one',
      '--b',
      '',
      'three-two',
      '--b--',
    ],
    ...['--a', 'Content-Type: multipart/related; boundary=c', '', '--c', 'X: 4.1', '', 'four-one', '--c'],
    ...['Content-Type: message/rfc822', '', 'Subject: deep', '', 'plain', '--c--', '--a--', ''],
  ].join('\r\n'),
);
const facts = scanMessage(SOURCE);

function section(path: readonly number[], what: SectionPart): string | undefined {
  const range = resolveSection(facts.root, facts.headSize, path, what);
  return range && SOURCE.toString('latin1', range.start, range.end);
}

test.each<readonly [string, number[], SectionPart, string | undefined]>([
  ['BODY[1]', [1], 'body', 'one'],
  ['BODY[1.MIME]', [1], 'mime', 'X: 1\r\n\r\n'],
  ['BODY[1.1] of a part without parts', [1, 1], 'body', undefined],
  ['BODY[1.HEADER] of a part that is no message', [1], 'header', undefined],
  ['BODY[2]', [2], 'body', 'two'],
  ['BODY[3.HEADER]', [3], 'header', 'Subject: inner\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'],
  ['BODY[3.MIME]', [3], 'mime', 'Content-Type: message/rfc822\r\n\r\n'],
  ['BODY[3.1]', [3, 1], 'body', 'three-one'],
  ['BODY[3.1.MIME]', [3, 1], 'mime', 'X: 3.1\r\n\r\n'],
  ['BODY[3.2]', [3, 2], 'body', 'three-two'],
  ['BODY[3.3]', [3, 3], 'body', undefined],
  ['BODY[4.1]', [4, 1], 'body', 'four-one'],
  ['BODY[4.2.HEADER]', [4, 2], 'header', 'Subject: deep\r\n\r\n'],
  ['BODY[4.2.TEXT]', [4, 2], 'text', 'plain'],
  ['BODY[4.2.1]', [4, 2, 1], 'body', 'plain'],
  ['BODY[4.2.1.1]', [4, 2, 1, 1], 'body', undefined],
  ['BODY[5]', [5], 'body', undefined],
  ['BODY[0]', [0], 'body', undefined],
  ['BODY[MIME]', [], 'mime', undefined],
])('%s', (_, path, what, expected) => {
  expect(section(path, what)).toBe(expected);
});

test('the message itself', () => {
  expect(section([], 'body')).toBe(SOURCE.toString());
  expect(`${section([], 'header')}${section([], 'text')}`).toBe(SOURCE.toString());
  expect(section([], 'header')).toMatch(/^Subject: outer\r\n.*=a\r\n\r\n$/);
});

test('part 1 of a message that is not multipart is its body', () => {
  const plain = Buffer.from('Subject: x\r\n\r\nbody');
  const { root, headSize } = scanMessage(plain);
  expect(resolveSection(root, headSize, [1], 'body')).toEqual({ start: headSize, end: plain.length });
  expect(resolveSection(root, headSize, [1], 'mime')).toEqual({ start: 0, end: headSize });
  expect(resolveSection(root, headSize, [1, 1], 'body')).toBeUndefined();
});
