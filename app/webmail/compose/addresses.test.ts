import { expect, test } from 'vitest';
import { joinPeople, parseAddresses } from './addresses.ts';

test('a pasted list becomes people', () => {
  expect(parseAddresses('ana@example.org, "Bo, the second" <bo@example.org>; Cy <cy@example.org>\nnobody')).toEqual({
    people: [
      { name: '', address: 'ana@example.org' },
      { name: 'Bo, the second', address: 'bo@example.org' },
      { name: 'Cy', address: 'cy@example.org' },
    ],
    rest: 'nobody',
  });
});

test('an address is taken once, whatever its case', () => {
  const ana = { name: '', address: 'ana@example.org' };
  expect(
    joinPeople(
      [ana],
      [
        { name: 'Ana', address: 'ANA@example.org' },
        { name: '', address: 'bo@example.org' },
      ],
    ),
  ).toEqual([ana, { name: '', address: 'bo@example.org' }]);
});

test('what is no address stays text', () => {
  expect(parseAddresses('not an address@')).toEqual({ people: [], rest: 'not an address@' });
});
