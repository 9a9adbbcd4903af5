import { expect, test } from 'vitest';
import { describeStatus, parseEnhancedStatus } from './status.ts';

test.each([
  ['5.1.1', { class: 5, subject: 1, detail: 1 }],
  ['4.7.650 slow down', { class: 4, subject: 7, detail: 650 }],
  ['2.0.0', { class: 2, subject: 0, detail: 0 }],
])('%s', (text, expected) => expect(parseEnhancedStatus(text)).toEqual(expected));

test.each(['', '3.1.1', '5.1', '5.1.1.1', '5.1.1234', '550 5.1.1', 'x5.1.1'])('%j is none', (text) => {
  expect(parseEnhancedStatus(text)).toBeUndefined();
});

test('meanings do not depend on the class', () => {
  expect(describeStatus({ class: 4, subject: 2, detail: 2 })).toBe('The mailbox is full.');
  expect(describeStatus({ class: 5, subject: 2, detail: 2 })).toBe('The mailbox is full.');
  expect(describeStatus({ class: 5, subject: 9, detail: 9 })).toBeUndefined();
});
