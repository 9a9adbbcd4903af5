import fc from 'fast-check';
import { expect, test } from 'vitest';
import { possibleNames } from './extension.ts';

test.each([
  ['ann', '+', ['ann']],
  ['ann+x', '+', ['ann+x', 'ann']],
  ['ann+x', '', ['ann+x']],
  ['ann-lee-x', '-', ['ann-lee-x', 'ann-lee', 'ann']],
  ['ann-lee+x', '+-', ['ann-lee+x', 'ann-lee', 'ann']],
  ['ann-lee+x', '+', ['ann-lee+x', 'ann-lee']],
  ['+x', '+', ['+x']],
  ['ann+', '+', ['ann+', 'ann']],
  ['a++b', '+', ['a++b', 'a+', 'a']],
])('%s with %j', (localPart, separators, names) => {
  expect(possibleNames(localPart, separators)).toEqual(names);
});

test('every name is what stands before a separator, longest first', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '+', '-', 'é', '.'), minLength: 1, maxLength: 64 });
  fc.assert(
    fc.property(text, fc.constantFrom('', '+', '-', '+-'), (localPart, separators) => {
      expect(possibleNames(localPart, separators)).toEqual(cutAtEach(localPart, separators));
    }),
  );
});

/** The same by brute force: every prefix, kept where a separator follows it. */
function cutAtEach(localPart: string, separators: string): string[] {
  const prefixes = Array.from({ length: localPart.length }, (_, length) => localPart.slice(0, length));
  const kept = prefixes.filter((prefix) => prefix !== '' && separators.includes(localPart.charAt(prefix.length)));
  return [localPart, ...(separators === '' ? [] : kept.toReversed())];
}
