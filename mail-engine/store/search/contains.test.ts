import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Turn } from '#engine/net/turn.ts';
import { contains } from './contains.ts';

test('a needle is found wherever the text is cut', async () => {
  const needle = 'needle at a cut';
  for (let at = 16 * 1024 - 20; at < 16 * 1024 + 5; at++) {
    const text = `${'x'.repeat(at)}${needle}${'x'.repeat(40_000)}`;
    expect(await contains(text, needle, new Turn())).toBe(true);
    expect(await contains(text, `${needle}!`, new Turn())).toBe(false);
  }
});

test('it says what includes says', () =>
  fc.assert(
    fc.asyncProperty(fc.string(), fc.string({ maxLength: 3 }), async (text, needle) => {
      expect(await contains(text, needle, new Turn())).toBe(text.includes(needle));
    }),
  ));

test('a long search is put down between slices', async () => {
  const slices = vi.spyOn(String.prototype, 'includes');
  let ms = 0;
  let turns = 0;
  const count = (): void => {
    turns += 1;
    other = setImmediate(count);
  };
  let other = setImmediate(count);
  const turn = new Turn(() => (ms += 20));
  await contains('a'.repeat(160 * 1024), `${'a'.repeat(500)}b${'a'.repeat(499)}`, turn);
  clearImmediate(other);
  const longest = Math.max(...slices.mock.contexts.map((text) => String(text).length));
  slices.mockRestore();
  // A turn begins with the first slice that asks, and has lasted long enough at the second.
  expect(turns).toBeGreaterThanOrEqual(5);
  expect(longest).toBeLessThanOrEqual(17 * 1024 + 1000);
});
