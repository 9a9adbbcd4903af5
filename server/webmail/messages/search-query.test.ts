import { expect, test } from 'vitest';
import { groupTerms, parseSearch } from './search-query.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const anywhere = (value: string) => ({ or: ['subject', 'from', 'to', 'cc', 'body'].map((key) => ({ [key]: value })) });

test.each([
  ['', []],
  ['crane', [anywhere('crane')]],
  ['"red crane"', [anywhere('red crane')]],
  ['from:ana', [{ from: 'ana' }]],
  ['FROM:"Ana Maria" to:bo', [{ from: 'Ana Maria' }, { to: 'bo' }]],
  ['-from:ana', [{ not: { from: 'ana' } }]],
  ['is:unread is:starred', [{ seen: false }, { flagged: true }]],
  ['has:attachment', [{ header: { 'Content-Type': 'multipart/mixed' } }]],
  ['before:2026-01-31', [{ before: new Date('2026-01-31T00:00:00Z') }]],
  ['after:7d', [{ since: new Date('2026-11-16T12:00:00Z') }]],
  ['larger:2M', [{ larger: 2_097_152 }]],
  // What is not understood is text.
  ['before:2026-02-31', [anywhere('before:2026-02-31')]],
  ['is:nothing', [anywhere('is:nothing')]],
  ['https://x.example', [anywhere('https://x.example')]],
  ['from:', [anywhere('from:')]],
  ['a\r\nb\0c', [anywhere('a'), anywhere('b'), anywhere('c')]],
])('%j', (text, expected) => {
  expect(parseSearch(text, NOW)).toEqual(expected);
});

test('a long query is cut, and so are many terms', () => {
  expect(parseSearch('ab '.repeat(400), NOW)).toHaveLength(20);
  expect(JSON.stringify(parseSearch('x'.repeat(10_000), NOW)).length).toBeLessThan(3_000);
});

test('two words make two searches, fields share one', () => {
  expect(groupTerms(parseSearch('a b from:c is:unread', NOW))).toEqual([
    { ...anywhere('a'), from: 'c', seen: false },
    anywhere('b'),
  ]);
});
