import { expect, test } from 'vitest';
import { compileFolderPatterns } from './match-folders.ts';

test('any of the patterns', () => {
  const names = ['INBOX', 'a', 'a/b', 'c'];
  expect(names.filter(compileFolderPatterns(['INBOX', 'a/%'], names))).toEqual(['INBOX', 'a/b']);
});

test('patterns that would take long over many folders are refused', () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `${'a'.repeat(500)}${index}`);
  expect(() => compileFolderPatterns(['*a'.repeat(400)], names)).toThrow('too long for so many');
  expect(names.filter(compileFolderPatterns(['*'], names))).toHaveLength(5_000);
});
