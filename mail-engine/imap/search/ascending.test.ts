import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intersect, subtract, unite } from './ascending.ts';

const ascending = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 }))
  .map((values) => values.toSorted((left, right) => left - right));

test('sets as ascending lists agree with sets', () => {
  fc.assert(
    fc.property(ascending, ascending, (left, right) => {
      const rest = left.filter((value) => !right.includes(value));
      expect(intersect(left, right)).toEqual(left.filter((value) => right.includes(value)));
      expect(subtract(left, right)).toEqual(rest);
      expect(unite(rest, right)).toEqual([...new Set([...left, ...right])].sort((a, b) => a - b));
    }),
  );
});
