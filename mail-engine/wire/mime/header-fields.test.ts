import { expect, test } from 'vitest';
import { findHeaderValues, HeaderFields, readHeaderFields } from './header-fields.ts';

const HEADER = Buffer.from(
  ['From: a@x.example', 'Subject: one', '\ttwo', 'junk line', 'SUBJECT : three', 'X-Empty:', '', 'Not: read'].join(
    '\r\n',
  ),
);

test('fields in order, unfolded, up to the empty line', () => {
  expect(Array.from(readHeaderFields(HEADER), ({ name, rawValue }) => [name, rawValue])).toEqual([
    ['From', 'a@x.example'],
    ['Subject', 'one\ttwo'],
    ['SUBJECT', 'three'],
    ['X-Empty', ''],
  ]);
});

test('the bytes of a field are its lines', () => {
  const [, subject] = readHeaderFields(HEADER);
  expect(HEADER.toString('latin1', subject?.start, subject?.end)).toBe('Subject: one\r\n\ttwo\r\n');
});

test('values by name', () => expect(findHeaderValues(HEADER, 'subject')).toEqual(['one\ttwo', 'three']));

test.each([
  ['HEADER.FIELDS', ['subject', 'x-none'], false, 'Subject: one\r\n\ttwo\r\nSUBJECT : three\r\n\r\n'],
  ['HEADER.FIELDS.NOT', ['Subject', 'x-empty'], true, 'From: a@x.example\r\n\r\n'],
  ['HEADER.FIELDS of nothing there', ['bcc'], false, '\r\n'],
])('%s', (_, names, not, expected) => {
  expect(new HeaderFields(HEADER).select(names, not).toString()).toBe(expected);
});

test('a last field without its line end gets one', () => {
  expect(new HeaderFields(Buffer.from('To: x')).select(['to'], false).toString()).toBe('To: x\r\n\r\n');
});

test('raw UTF-8 is taken as it is, other bytes as ISO-8859-1', () => {
  expect(findHeaderValues(Buffer.from('A: grün\r\n'), 'a')).toEqual(['grün']);
  expect(findHeaderValues(Buffer.from('A: grün\r\n', 'latin1'), 'a')).toEqual(['grün']);
});

test('at most 10,000 fields are walked', () => {
  expect([...readHeaderFields(Buffer.from('A: b\r\n'.repeat(20_000)))]).toHaveLength(10_000);
});
