import { expect, test, vi } from 'vitest';
import { foldCase } from './searchable.ts';

test('text of nothing but combining marks is folded in short runs', () => {
  const normalize = vi.spyOn(String.prototype, 'normalize');
  const folded = foldCase(`A${'\u0301'.repeat(40_000)}${'\u0316'.repeat(40_000)}`);
  expect(folded.startsWith('\u00e1')).toBe(true);
  const runs = normalize.mock.contexts.flatMap((text) => String(text).split(/[^\p{M}--\u034f]/v));
  expect(Math.max(...runs.map(({ length }) => length))).toBe(30);
  normalize.mockRestore();
});
