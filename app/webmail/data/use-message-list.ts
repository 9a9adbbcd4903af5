/** One list, folder or search, of which only the pages in sight are read. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { MessageRow } from '#server/webmail/types.ts';
import { PAGE_SIZE, pageQuery } from './queries.ts';

export interface MessageList {
  folder: string;
  query: string;
  total: number;
  state: 'loading' | 'ready' | 'failed';
  error: unknown;
  /** Undefined while its page is on its way. */
  rowAt: (index: number) => MessageRow | undefined;
  /** -1 where it is not among the rows that were read. */
  indexOf: (uid: number) => number;
  /** Tells which rows are in sight. */
  show: (first: number, last: number) => void;
  reload: () => void;
}

export function useMessageList(folder: string, query: string): MessageList {
  const [range, setRange] = useState<readonly [first: number, last: number]>([0, 0]);
  const first = useQuery(pageQuery(folder, query, 0));
  const total = first.data?.total ?? 0;
  const lastPage = Math.max(0, Math.ceil(total / PAGE_SIZE) - 1);
  const [from, to] = [Math.min(range[0], lastPage), Math.min(range[1], lastPage)];
  const numbers = useMemo(() => Array.from({ length: to - from + 1 }, (_item, index) => from + index), [from, to]);
  const results = useQueries({ queries: numbers.map((page) => pageQuery(folder, query, page)) });
  const pages = new Map(numbers.map((number, index) => [number, results[index]?.data]));
  if (!pages.has(0)) pages.set(0, first.data);

  const show = useCallback((firstRow: number, lastRow: number) => {
    const next = [Math.floor(firstRow / PAGE_SIZE), Math.floor(lastRow / PAGE_SIZE)] as const;
    setRange((old) => (old[0] === next[0] && old[1] === next[1] ? old : next));
  }, []);

  return {
    folder,
    query,
    total,
    state: first.data ? 'ready' : first.isError ? 'failed' : 'loading',
    error: first.error,
    rowAt: (index) => pages.get(Math.floor(index / PAGE_SIZE))?.rows[index % PAGE_SIZE],
    indexOf: (uid) => {
      for (const [number, page] of pages) {
        const at = page?.rows.findIndex((row) => row.uid === uid) ?? -1;
        if (at !== -1) return number * PAGE_SIZE + at;
      }
      return -1;
    },
    show,
    reload: () => void first.refetch(),
  };
}
