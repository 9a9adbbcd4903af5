import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { contains } from './contains.ts';
import { Turns } from './turns.ts';

test('a needle is found wherever the text is cut', async () => {
  const needle = 'needle at a cut';
  for (let at = 16 * 1024 - 20; at < 16 * 1024 + 5; at++) {
    const text = `${'x'.repeat(at)}${needle}${'x'.repeat(40_000)}`;
    expect(await contains(text, needle, new Turns())).toBe(true);
    expect(await contains(text, `${needle}!`, new Turns())).toBe(false);
  }
});

test('it says what includes says', () =>
  fc.assert(
    fc.asyncProperty(fc.string(), fc.string({ maxLength: 3 }), async (text, needle) => {
      expect(await contains(text, needle, new Turns())).toBe(text.includes(needle));
    }),
  ));

test('a long search is put down after each slice', async () => {
  const slices = vi.spyOn(String.prototype, 'includes');
  let ms = 0;
  let turns = 0;
  const count = (): void => {
    turns += 1;
    other = setImmediate(count);
  };
  let other = setImmediate(count);
  await contains('a'.repeat(160 * 1024), `${'a'.repeat(500)}b${'a'.repeat(499)}`, new Turns(() => (ms += 20)));
  clearImmediate(other);
  const longest = Math.max(...slices.mock.contexts.map((text) => String(text).length));
  slices.mockRestore();
  expect(turns).toBeGreaterThanOrEqual(9);
  expect(longest).toBeLessThanOrEqual(17 * 1024 + 1000);
});
