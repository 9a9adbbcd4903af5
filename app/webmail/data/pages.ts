/** Changes to remembered pages before the server has answered: pure. */
import type { MessagePage, MessageRow } from '#server/webmail/types.ts';

export type Pages = ReadonlyMap<number, MessagePage>;

/** Rows with `change` applied to those of `uids`. */
export function changeRows(page: MessagePage, uids: ReadonlySet<number>, change: Partial<MessageRow>): MessagePage {
  return { ...page, rows: page.rows.map((row) => (uids.has(row.uid) ? { ...row, ...change } : row)) };
}

/**
 * Pages of one list without `uids`: later rows move up, over the borders of pages. Where the row that would move in is not
 * remembered the page ends short, until it is read again.
 */
export function removeRows(pages: Pages, uids: ReadonlySet<number>, pageSize: number): Map<number, MessagePage> {
  const numbers = [...pages.keys()].sort((a, b) => a - b);
  const result = new Map<number, MessagePage>();
  let removed = 0;
  for (const number of numbers) {
    const page = pages.get(number);
    if (!page) continue;
    const kept = page.rows.filter((row) => !uids.has(row.uid));
    const gone = page.rows.length - kept.length;
    const previous = result.get(number - 1);
    // Fill the page before, which lost `removed` rows so far.
    if (previous && previous.rows.length < pageSize)
      previous.rows.push(...kept.splice(0, pageSize - previous.rows.length));
    else if (!previous) kept.splice(0, removed);
    result.set(number, { ...page, rows: kept });
    removed += gone;
  }
  for (const page of result.values()) page.total = Math.max(0, page.total - removed);
  return result;
}
