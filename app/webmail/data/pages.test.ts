import { expect, test } from 'vitest';
import type { MessagePage, MessageRow } from '#server/webmail/types.ts';
import { changeRows, removeRows } from './pages.ts';

function page(uids: number[], total: number): MessagePage {
  return { folder: 'INBOX', total, offset: 0, rows: uids.map((uid) => ({ uid, seen: false }) as MessageRow) };
}

function uidsOf(pages: ReadonlyMap<number, MessagePage>): Record<number, number[]> {
  return Object.fromEntries([...pages].map(([number, { rows }]) => [number, rows.map(({ uid }) => uid)]));
}

test('rows move up over the border of pages', () => {
  const pages = new Map([
    [0, page([1, 2, 3], 7)],
    [1, page([4, 5, 6], 7)],
  ]);
  const left = removeRows(pages, new Set([2]), 3);
  expect(uidsOf(left)).toEqual({ 0: [1, 3, 4], 1: [5, 6] });
  expect(left.get(0)?.total).toBe(6);
});

test('several rows of several pages go at once', () => {
  const pages = new Map([
    [0, page([1, 2, 3], 9)],
    [1, page([4, 5, 6], 9)],
    [2, page([7, 8, 9], 9)],
  ]);
  expect(uidsOf(removeRows(pages, new Set([1, 2, 5]), 3))).toEqual({ 0: [3, 4, 6], 1: [7, 8, 9], 2: [] });
});

test('marking changes only the rows meant', () => {
  expect(changeRows(page([1, 2], 2), new Set([2]), { seen: true }).rows.map(({ seen }) => seen)).toEqual([false, true]);
});
