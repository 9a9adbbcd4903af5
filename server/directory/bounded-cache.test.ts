import { expect, test } from 'vitest';
import { createBoundedCache } from './bounded-cache.ts';

function createCounted(maxEntries: number) {
  const cache = createBoundedCache<string>({ maxEntries });
  const loads: string[] = [];
  const get = (key: string) =>
    cache.get(key, async () => {
      loads.push(key);
      return `${key}!`;
    });
  return { cache, loads, get };
}

test('nothing is kept until enabled', async () => {
  const { get, loads } = createCounted(10);
  await get('a');
  expect(await get('a')).toBe('a!');
  expect(loads).toEqual(['a', 'a']);
});

test('the least recently used goes first', async () => {
  const { cache, get, loads } = createCounted(2);
  cache.enable();
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key);
  expect(loads).toEqual(['a', 'b', 'c', 'b']);
});

test('an answer whose question was asked before a clear is not kept', async () => {
  const { cache } = createCounted(2);
  cache.enable();
  const { promise, resolve } = Promise.withResolvers<string>();
  const asked = cache.get('a', () => promise);
  cache.clear();
  resolve('old');
  expect(await asked).toBe('old');
  expect(await cache.get('a', () => Promise.resolve('new'))).toBe('new');
});

test('a failed look is not kept', async () => {
  const { cache } = createCounted(2);
  cache.enable();
  await expect(cache.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await cache.get('a', () => Promise.resolve('up'))).toBe('up');
});

test('a question under way is asked once, but never shared over a clear', async () => {
  const { cache } = createCounted(2);
  cache.enable();
  const { promise, resolve } = Promise.withResolvers<string>();
  const first = cache.get('a', () => promise);
  expect(cache.get('a', () => Promise.reject(new Error('asked twice')))).toBe(first);
  cache.clear();
  expect(await cache.get('a', () => Promise.resolve('new'))).toBe('new');
  resolve('old');
  expect(await first).toBe('old');
  expect(cache.get('a', () => Promise.reject(new Error('forgotten')))).toBe('new');
});

test('answers of the minor kind push out only each other', async () => {
  const cache = createBoundedCache<string>({ maxEntries: 2, isMinor: (value) => value === 'no', maxMinor: 3 });
  cache.enable();
  const loads: string[] = [];
  const get = (key: string, value: string) =>
    cache.get(key, async () => {
      loads.push(key);
      return value;
    });
  await get('ann', 'yes');
  for (let index = 0; index < 10; index += 1) await get(`guess${index}`, 'no');
  loads.length = 0;
  for (const key of ['ann', 'guess9', 'guess8', 'guess7']) await get(key, key === 'ann' ? 'yes' : 'no');
  expect(loads).toEqual([]);
  await get('guess6', 'no');
  expect(loads).toEqual(['guess6']);
});
