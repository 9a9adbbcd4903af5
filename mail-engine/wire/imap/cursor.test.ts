import { describe, expect, test, vi } from 'vitest';
import { Cursor } from './cursor.ts';
import { date, dateTime, dayOfDateField, formatDateTime } from './date.ts';
import { fetchAtts } from './fetch-att.ts';
import { flagList } from './flag.ts';
import { listArguments } from './list-command.ts';
import { canonicalMailbox, mailbox } from './mailbox.ts';
import { searchArguments } from './search-command.ts';
import { selectParameters } from './select-params.ts';
import { sequenceSet } from './sequence-set.ts';
import { statusAtts } from './status-att.ts';

function parse<T>(text: string, production: (cursor: Cursor) => T): T {
  const cursor = new Cursor(Buffer.from(`${text}\r\n`));
  const value = production(cursor);
  cursor.CRLF();
  return value;
}

describe('strings', () => {
  const astring = (text: string) => parse(text, (cursor) => cursor.astring());

  test.each([
    ['abc', 'abc'],
    ['a]b', 'a]b'],
    ['""', ''],
    ['"a b"', 'a b'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['"gr\u00fc\u00df"', 'gr\u00fc\u00df'],
    ['{3}\r\na"b', 'a"b'],
    ['{0}\r\n', ''],
    ['{4+}\r\n\u00fc\r\n', '\u00fc\r\n'],
  ])('%j', (text, value) => expect(astring(text)).toBe(value));

  test.each(['', '(', '"', '"a', '"a\\x"', '{5}\r\nabc', '{3', '{a}\r\n', '{-1}\r\n', '{3}abc', 'a b', '"a"b'])(
    'refuses %j',
    (text) => expect(() => astring(text)).toThrow(/./),
  );

  test('NIL is a string to astring and nothing to nstring', () => {
    expect(astring('nil')).toBe('nil');
    expect(parse('nil', (cursor) => cursor.nstring())).toBeNull();
  });
});

describe('numbers', () => {
  test('bounds', () => {
    expect(parse('4294967295', (cursor) => cursor.number())).toBe(4294967295);
    expect(() => parse('4294967296', (cursor) => cursor.number())).toThrow('too large');
    expect(() => parse('0', (cursor) => cursor.nzNumber())).toThrow('must not be 0');
    expect(parse('9007199254740991', (cursor) => cursor.number64())).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => parse('9007199254740993', (cursor) => cursor.number64())).toThrow('too large');
    expect(() => parse('99999999999999999999', (cursor) => cursor.number64())).toThrow('too large');
  });
});

describe('dates', () => {
  test.each([
    ['1-Feb-2024', '2024-02-01'],
    ['"01-feb-2024"', '2024-02-01'],
    ['29-Feb-2024', '2024-02-29'],
    ['31-Dec-1969', '1969-12-31'],
  ])('%s', (text, day) => expect(new Date(parse(text, date) * 86_400_000).toISOString().slice(0, 10)).toBe(day));

  test.each(['30-Feb-2024', '1-Foo-2024', '1-1-2024', '2024-02-01', '29-Feb-2023'])('refuses %s', (text) =>
    expect(() => parse(text, date)).toThrow('Expected a date'),
  );

  test('date-time with zones, and how it is written', () => {
    expect(parse('" 5-Feb-2020 10:00:00 +0200"', dateTime).toISOString()).toBe('2020-02-05T08:00:00.000Z');
    expect(parse('"17-Jul-1996 02:44:25 -0700"', dateTime).toISOString()).toBe('1996-07-17T09:44:25.000Z');
    expect(() => parse('"17-Jul-1996 25:44:25 -0700"', dateTime)).toThrow('time of day');
    expect(formatDateTime(new Date('2020-02-05T08:00:00Z'))).toBe('" 5-Feb-2020 08:00:00 +0000"');
  });

  test.each([
    ['Mon, 2 Mar 2026 23:30:00 -0800', '2026-03-02'],
    ['2 March 26 23:30 EST', '2026-03-02'],
    ['Tue,  3 Mar 1998 00:00:01 GMT', '1998-03-03'],
    ['3 Mar 98', '1998-03-03'],
  ])('Date field %j', (field, day) =>
    expect(new Date((dayOfDateField(field) ?? 0) * 86_400_000).toISOString().slice(0, 10)).toBe(day),
  );

  test('a Date field without a date', () => expect(dayOfDateField('yesterday')).toBeUndefined());
});

describe('mailbox', () => {
  test('INBOX in any case, also as the first level', () => {
    expect(['inbox', 'InBox/x', 'inboxes', 'a/inbox'].map(canonicalMailbox)).toEqual([
      'INBOX',
      'INBOX/x',
      'inboxes',
      'a/inbox',
    ]);
  });

  test('modified UTF-7 is decoded unless UTF-8 is enabled', () => {
    expect(parse('Entw&APw-rfe', (cursor) => mailbox(cursor, false))).toBe('Entw\u00fcrfe');
    expect(parse('Entw&APw-rfe', (cursor) => mailbox(cursor, true))).toBe('Entw&APw-rfe');
  });

  test('a name or a pattern too long to be kept is refused before it is normalised', () => {
    const normalize = vi.spyOn(String.prototype, 'normalize');
    const long = `"a${'\u0301'.repeat(1000)}"`;
    expect(() => parse(long, (cursor) => mailbox(cursor, true))).toThrow('Mailbox name is too long');
    expect(() => parse(`"" ${long}`, (cursor) => listArguments(cursor, true))).toThrow('Pattern is too long');
    expect(normalize.mock.contexts.map(String)).toEqual(['']);
    normalize.mockRestore();
  });
});

describe('lists of options', () => {
  test('flags: system flags in any case, keywords once', () => {
    expect(parse('(\\seen $A \\SEEN $a)', flagList)).toEqual({ system: ['\\Seen'], keywords: ['$a'] });
    expect(parse('()', flagList)).toEqual({ system: [], keywords: [] });
    expect(() => parse('(\\Recent)', flagList)).toThrow('system flag');
    expect(() => parse('(a  b)', flagList)).toThrow(/./);
  });

  test('FETCH macros and single items', () => {
    expect(parse('all', fetchAtts).map(({ att }) => att)).toEqual(['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE']);
    expect(parse('body', fetchAtts)).toEqual([{ att: 'BODY' }]);
    expect(() => parse('(all)', fetchAtts)).toThrow('no such FETCH item');
    expect(() => parse('()', fetchAtts)).toThrow(/./);
  });

  test('sections keep their name for the response', () => {
    const label = (text: string) => {
      const [item] = parse(text, fetchAtts);
      return item?.att === 'SECTION' ? item.value.label : undefined;
    };
    expect(label('body.peek[1.2.header.fields (From "a b")]<5.10>')).toBe('BODY[1.2.HEADER.FIELDS (From "a b")]<5>');
    expect(label('body[]')).toBe('BODY[]');
    expect(label('rfc822.text')).toBe('RFC822.TEXT');
  });

  test('STATUS items are kept once', () => {
    expect(parse('(messages MESSAGES unseen)', statusAtts)).toEqual(['MESSAGES', 'UNSEEN']);
  });

  test('SELECT parameters', () => {
    expect(parse(' (condstore)', selectParameters)).toEqual({ condstore: true, qresync: null });
    expect(parse(' (qresync (7 20 1:9 (1,2 5,6)))', selectParameters).qresync).toEqual({
      uidValidity: 7,
      modseq: 20,
      knownUids: [[1, 9]],
    });
    expect(() => parse(' (nothing)', selectParameters)).toThrow('no such SELECT parameter');
  });

  test('LIST, basic and extended', () => {
    const list = (text: string) => parse(text, (cursor) => listArguments(cursor, false));
    expect(list('"" %')).toMatchObject({ reference: '', patterns: ['%'], extended: false });
    expect(list('(subscribed) a (b "c d") return (children status (unseen))')).toMatchObject({
      patterns: ['b', 'c d'],
      status: ['UNSEEN'],
      extended: true,
    });
    expect(() => list('(recursivematch) "" *')).toThrow('RECURSIVEMATCH');
  });
});

describe('SEARCH', () => {
  const search = (text: string) => parse(text, (cursor) => searchArguments(cursor, () => undefined));

  test('keys nest and combine', () => {
    expect(search('unseen (or from bob not 1:3) larger 10').key).toEqual({
      kind: 'and',
      keys: [
        { kind: 'not', key: { kind: 'flag', flag: '\\Seen' } },
        {
          kind: 'or',
          keys: [
            { kind: 'header', name: 'from', value: 'bob' },
            { kind: 'not', key: { kind: 'sequence', set: [[1, 3]] } },
          ],
        },
        { kind: 'size', relation: 'larger', bytes: 10 },
      ],
    });
  });

  test('return options', () => {
    expect(search('all').returns).toBeNull();
    expect(search('return () all').returns).toEqual(new Set(['ALL']));
    expect(search('return (min count) charset utf-8 all').returns).toEqual(new Set(['MIN', 'COUNT']));
    expect(() => search('return (everything) all')).toThrow('return option');
  });

  test.each(['', 'or all', 'not', '(all', 'all)', 'uid x', 'header x', 'since tomorrow', 'all  seen'])(
    'refuses %j',
    (text) => expect(() => search(text)).toThrow(/./),
  );
});

test('sequence-set', () => {
  const star = Number.POSITIVE_INFINITY;
  expect(parse('1,3:5,*,7:*,9:8', sequenceSet)).toEqual([
    [1, 1],
    [3, 5],
    [star, star],
    [7, star],
    [9, 8],
  ]);
  for (const text of ['', '1,', ':', '1:', '0', '1:2:3', '1 ,2']) expect(() => parse(text, sequenceSet)).toThrow(/./);
});
