import { expect, test } from 'vitest';
import { createBoundedCache } from './bounded-cache.ts';

function createCounted(maxEntries: number) {
  const cache = createBoundedCache<string>(maxEntries);
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
