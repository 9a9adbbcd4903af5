import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ListedAddress, parseAddressList } from './address-list.ts';

function mailbox(name: string | null, local: string, host: string, adl: string | null = null): ListedAddress {
  return { name, adl, mailbox: local, host };
}
const START = (name: string): ListedAddress => ({ name: null, adl: null, mailbox: name, host: null });
const END: ListedAddress = { name: null, adl: null, mailbox: null, host: null };

test.each<readonly [string, ListedAddress[]]>([
  ['', []],
  [', ,', []],
  ['a@x.example', [mailbox(null, 'a', 'x.example')]],
  ['Ann <a@x.example>', [mailbox('Ann', 'a', 'x.example')]],
  ['Ann Mary O.<a@x.example>', [mailbox('Ann Mary O.', 'a', 'x.example')]],
  [
    '"Ann, \\"the\\" Captain" <a@x.example>, b@y.example',
    [mailbox('Ann, "the" Captain', 'a', 'x.example'), mailbox(null, 'b', 'y.example')],
  ],
  ['a@x.example (Ann (the) Captain)', [mailbox('Ann (the) Captain', 'a', 'x.example')]],
  ['(comment) Ann (other) < a @ x . example >', [mailbox('Ann', 'a', 'x.example')]],
  [
    '=?utf-8?q?J=C3=B6?= =?utf-8?q?rg?= <j@x.example>',
    [mailbox('=?utf-8?q?J=C3=B6?= =?utf-8?q?rg?=', 'j', 'x.example')],
  ],
  ['"a b"@x.example', [mailbox(null, 'a b', 'x.example')]],
  ['a.b@[192.0.2.1]', [mailbox(null, 'a.b', '[192.0.2.1]')]],
  ['<@r.example,@s.example:a@x.example>', [mailbox(null, 'a', 'x.example', '@r.example,@s.example')]],
  [
    'Crew: Ann <a@x.example>, b@y.example; c@z.example',
    [
      START('Crew'),
      mailbox('Ann', 'a', 'x.example'),
      mailbox(null, 'b', 'y.example'),
      END,
      mailbox(null, 'c', 'z.example'),
    ],
  ],
  ['undisclosed-recipients:;', [START('undisclosed-recipients'), END]],
  ['Crew: a@x.example', [START('Crew'), mailbox(null, 'a', 'x.example'), END]],
  ['ann', [mailbox(null, 'ann', '')]],
  ['Ann <ann>', [mailbox('Ann', 'ann', '')]],
  ['<>', []],
  ['Ann <a@x.example', [mailbox('Ann', 'a', 'x.example')]],
  ['a@x.example; b@y.example', [mailbox(null, 'a', 'x.example'), mailbox(null, 'b', 'y.example')]],
  ['"never closed <a@x.example>', [mailbox(null, 'never closed <a@x.example>', '')]],
  ['a@x.example>, b@y.example', [mailbox(null, 'a', 'x.example'), mailbox(null, 'b', 'y.example')]],
  ['Jörg <j@x.example>', [mailbox('Jörg', 'j', 'x.example')]],
])('%j', (text, expected) => expect(parseAddressList(text)).toEqual(expected));

test('at most 10,000 addresses', () => {
  expect(parseAddressList('a@b,'.repeat(20_000))).toHaveLength(10_000);
});

test('never throws, closes every group it opens', () => {
  const piece = fc.constantFrom(
    'a',
    'Ann',
    '@',
    '<',
    '>',
    ',',
    ':',
    ';',
    '"',
    '\\',
    '(',
    ')',
    '[',
    ']',
    '.',
    ' ',
    '\t',
    'ä',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const marks = parseAddressList(pieces.join('')).filter(({ host }) => host === null);
      for (const [index, mark] of marks.entries()) expect(mark.mailbox === null).toBe(index % 2 === 1);
      expect(marks.length % 2).toBe(0);
    }),
    { numRuns: 2000 },
  );
});
