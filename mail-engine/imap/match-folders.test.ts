import { expect, test } from 'vitest';
import { compileFolderPatterns } from './match-folders.ts';

test('any of the patterns', () => {
  const names = ['INBOX', 'a', 'a/b', 'c'];
  expect(names.filter(compileFolderPatterns(['INBOX', 'a/%'], names))).toEqual(['INBOX', 'a/b']);
});

test('a pattern that would take seconds is refused with NO', () => {
  const names = Array.from({ length: 390 }, () => 'a'.repeat(512));
  const refusal = { status: 'NO', code: 'LIMIT' };
  expect(() => compileFolderPatterns([`${'*a'.repeat(498)}b`], names)).toThrow(expect.objectContaining(refusal));
});

test('what clients ask for is not, with as many mailboxes as there can be', () => {
  const path = 'Archive/2026/Projects/A customer of ours/';
  const names = Array.from({ length: 5_000 }, (_, index) => `${path}The case number ${index} about this and that`);
  for (const patterns of [['*'], ['%'], [`${path}%`], ['INBOX', 'INBOX/%', `${path}*`], ['*case number*']]) {
    expect(() => compileFolderPatterns(patterns, names)).not.toThrow();
  }
});

test('patterns that would take long over many folders are refused', () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `${'a'.repeat(500)}${index}`);
  expect(() => compileFolderPatterns(['*a'.repeat(400)], names)).toThrow('too long for so many');
  expect(names.filter(compileFolderPatterns(['*'], names))).toHaveLength(5_000);
});
