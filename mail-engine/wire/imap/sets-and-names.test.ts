import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { appendHead } from './append-message.ts';
import { BoundedCommand } from './bounded-command.ts';
import { Cursor } from './cursor.ts';
import { formatAstring, formatMailbox, formatString } from './format.ts';
import { compilePattern } from './list-pattern.ts';
import { findLiteralAnnouncement } from './literal.ts';
import { mailbox } from './mailbox.ts';
import { formatSet, normalizeSet, selectFromSet, sequenceSet } from './sequence-set.ts';
import { decodeUtf7, encodeUtf7 } from './utf7.ts';

describe('modified UTF-7', () => {
  test.each([
    ['INBOX', 'INBOX'],
    ['Tom & Jerry', 'Tom &- Jerry'],
    ['~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['\u{1f600}', '&2D3eAA-'],
    ['Entw\u00fcrfe', 'Entw&APw-rfe'],
  ])('%s', (name, encoded) => {
    expect(encodeUtf7(name)).toBe(encoded);
    expect(decodeUtf7(encoded)).toBe(name);
  });

  test.each(['&', 'a&b', '&AGE-', '&APw', '&U,BTFw-&ZeVnLIqe-', '&A-', '&2D0-', '&APx-', 'a\u00fc'])(
    'refuses %s',
    (encoded) => expect(decodeUtf7(encoded)).toBeUndefined(),
  );

  test('every well-formed name survives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(decodeUtf7(encodeUtf7(name))).toBe(name);
      }),
    );
  });
});

describe('sequence sets', () => {
  const set = (text: string) => sequenceSet(new Cursor(Buffer.from(text)));

  test.each([
    ['1', [5, 7, 9], []],
    ['5,9', [5, 7, 9], [5, 9]],
    ['*', [5, 7, 9], [9]],
    ['8:*', [5, 7, 9], [9]],
    ['100:*', [5, 7, 9], [9]],
    ['*:6', [5, 7, 9], [7, 9]],
    ['9:5,7', [5, 7, 9], [5, 7, 9]],
    ['1:*', [], []],
  ])('%s of %j', (text, values, selected) => expect(selectFromSet(set(text), values)).toEqual(selected));

  test('ranges that touch or overlap are merged', () => {
    expect(normalizeSet(set('5:3,4:8,9,20'), 30)).toEqual([
      [3, 9],
      [20, 20],
    ]);
  });

  test('what is written reads back the same', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (values) => {
        const ascending = values.toSorted((a, b) => a - b);
        expect(selectFromSet(set(formatSet(ascending)), ascending)).toEqual(ascending);
      }),
    );
  });

  test('order is kept where it matters (COPYUID)', () => expect(formatSet([3, 4, 9, 1, 2])).toBe('3:4,9,1:2'));
});

describe('LIST patterns', () => {
  test.each([
    ['*', 'a/b/c', true],
    ['%', 'a', true],
    ['%', 'a/b', false],
    ['%/%', 'a/b', true],
    ['a*c', 'a/b/c', true],
    ['a%c', 'a/b/c', false],
    ['a%', 'a', true],
    ['', '', true],
    ['', 'a', false],
    ['*%', 'a/b', true],
    ['%*', 'a/b', true],
    ['A', 'a', false],
  ])('%s against %s: %s', (pattern, name, matches) => expect(compilePattern(pattern)(name)).toBe(matches));

  test('agrees with a regular expression', () => {
    const character = fc.constantFrom('a', 'b', '/', '*', '%');
    fc.assert(
      fc.property(
        fc.string({ unit: character, maxLength: 8 }),
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '/', '😀'), maxLength: 8 })),
        (pattern, names) => {
          const source = pattern.replaceAll('*', '.*').replaceAll('%', '[^/]*');
          const matches = compilePattern(pattern);
          expect(names.filter(matches)).toEqual(names.filter((name) => new RegExp(`^${source}$`).test(name)));
        },
      ),
    );
  });
});

test('matching a LIST pattern makes nothing, however many names there are', () => {
  let made = 0;
  class Counted extends Uint8Array {
    constructor(length: number) {
      super(length);
      made += 1;
    }
  }
  vi.stubGlobal('Uint8Array', Counted);
  const matches = compilePattern(`${'*a'.repeat(20)}b`);
  for (let count = 0; count < 100; count += 1) expect(matches('a'.repeat(100))).toBe(false);
  vi.unstubAllGlobals();
  expect(made).toBeLessThanOrEqual(2);
});

describe('literals', () => {
  test.each([
    ['a {3}\r\n', { sizeBytes: 3, synchronizing: true, binary: false }],
    ['a {0+}\r\n', { sizeBytes: 0, synchronizing: false, binary: false }],
    ['a ~{12}\r\n', { sizeBytes: 12, synchronizing: true, binary: true }],
    ['a {99999999999999999999}\r\n', { sizeBytes: Number.POSITIVE_INFINITY, synchronizing: true, binary: false }],
    ['a "{3}"\r\n', undefined],
    ['a {3} \r\n', undefined],
    ['a {-3}\r\n', undefined],
    ['a {3}\n', undefined],
    ['}\r\n', undefined],
  ])('%j', (line, announcement) => expect(findLiteralAnnouncement(Buffer.from(line))).toEqual(announcement));

  test('a command is collected piece by piece within its bounds', () => {
    const command = new BoundedCommand({ lineBytes: 100, commandBytes: 40 });
    expect(command.takeLine(Buffer.from('a login {5}\r\n'))).toMatchObject({ kind: 'literal', fits: true });
    command.takeLiteral(Buffer.from('alice'));
    expect(command.takeLine(Buffer.from(' {50+}\r\n'))).toMatchObject({ kind: 'literal', fits: false });
    expect(command.takeLine(Buffer.from('x\r\n'))).toEqual({ kind: 'complete' });
    expect(command.takeLine(Buffer.from(`${'x'.repeat(40)}\r\n`))).toEqual({ kind: 'too-big' });
    expect(command.takeLine(Buffer.from('x\n'))).toEqual({ kind: 'bare-lf' });
  });

  test('APPEND up to its message', () => {
    const head = (text: string, utf8 = false) => appendHead(new Cursor(Buffer.from(text)), utf8);
    expect(head('inbox (\\Seen) " 5-Feb-2020 10:00:00 +0000" {10}\r\n')).toMatchObject({
      mailbox: 'INBOX',
      flags: { system: ['\\Seen'] },
      literal: { sizeBytes: 10 },
    });
    expect(head('{5}\r\nDraft {1+}\r\n')).toMatchObject({ mailbox: 'Draft', literal: { sizeBytes: 1 } });
    expect(head('x UTF8 (~{10}\r\n', true)).toMatchObject({ utf8Data: true, literal: { binary: true } });
    expect(() => head('{5}\r\n')).toThrow('Unfinished literal');
    expect(() => head('inbox x {5}\r\n')).toThrow('as a literal');
    expect(() => head('inbox\r\n')).toThrow(/./);
  });
});

describe('writing strings', () => {
  test.each([
    ['abc', 'abc'],
    ['', '""'],
    ['a b', '"a b"'],
    ['nil', '"nil"'],
    ['a"b\\', '"a\\"b\\\\"'],
    ['a]b', '"a]b"'],
    ['gr\u00fc\u00df', '{6}\r\ngr\u00fc\u00df'],
    ['a\r\nb', '{4}\r\na\r\nb'],
  ])('%j as an astring', (text, written) => expect(formatAstring(text)).toBe(written));

  test('whatever is written reads back the same', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && value.isWellFormed());
    fc.assert(
      fc.property(text, fc.boolean(), (value, utf8) => {
        expect(new Cursor(Buffer.from(formatString(value, utf8))).string()).toBe(value);
        expect(new Cursor(Buffer.from(formatAstring(value, utf8))).astring()).toBe(value);
      }),
    );
  });

  test('mailbox names too, in both spellings', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).map((value) => `x${value}`.normalize('NFC'));
    fc.assert(
      fc.property(name, fc.boolean(), (value, utf8) => {
        expect(mailbox(new Cursor(Buffer.from(formatMailbox(value, utf8))), utf8)).toBe(value);
      }),
    );
  });
});
