import { afterEach, expect, test, vi } from 'vitest';
import { normalForm } from './normal-form.ts';

const MARKS = '\u0301'.repeat(50_000) + '\u0316'.repeat(50_000);

afterEach(() => {
  vi.restoreAllMocks();
});

test('no run of marks that is normalised has more than 30', () => {
  const normalize = vi.spyOn(String.prototype, 'normalize');
  for (const form of ['NFC', 'NFKC'] as const) normalForm(`a${MARKS}b${MARKS}`, form);
  const runs = normalize.mock.contexts.flatMap((text) => String(text).split(/[^\p{M}--\u034f]/v));
  expect(Math.max(...runs.map(({ length }) => length))).toBe(30);
});

test('nothing is lost, and normalising again changes nothing', () => {
  const once = normalForm(`a${MARKS}`);
  expect(once.replaceAll('\u034f', '')).toHaveLength(MARKS.length);
  expect(normalForm(once)).toBe(once);
});

test.each(['gru\u0308n', `x${'\u0316\u0301'.repeat(15)}`, '\ud83d\ude00\u1100\u1161', 'a\u034f\u0301'])(
  '%j is as its normal form',
  (text) => {
    expect(normalForm(text)).toBe(text.normalize('NFC'));
    expect(normalForm(text, 'NFKC')).toBe(text.normalize('NFKC'));
  },
);
