/** What every list takes and gives: search, sort and paging happen in the database, filters are the list's own. */
import { z } from 'zod';
import { line } from './text.ts';

export interface ListResult<Row> {
  /** The page asked for. */
  rows: Row[];
  /** Rows that match on all pages. */
  total: number;
}

/** `sort` names the sortable columns, the default first. Everything may be left out. */
export function listInput<const Sort extends readonly [string, ...string[]], Filters extends z.ZodRawShape>(
  sort: Sort,
  filters: Filters,
) {
  return z.object({
    search: line(200).default(''),
    sort: z.enum(sort).default(sort[0] as Sort[number]),
    direction: z.enum(['asc', 'desc']).default('asc'),
    page: z.number().int().min(1).max(1_000_000).default(1),
    pageSize: z.number().int().min(1).max(200).default(25),
    filters: z
      .object(filters)
      .partial()
      .prefault({} as never),
  });
}

/** `LIMIT` and `OFFSET` in Prisma's words. */
export function pageOf({ page, pageSize }: { page: number; pageSize: number }): { take: number; skip: number } {
  return { take: pageSize, skip: (page - 1) * pageSize };
}

/** Takes `%`, `_` and `\` literally in what becomes part of a LIKE pattern; Prisma's `contains` and its like do not. */
function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

/** A LIKE pattern that finds `text` anywhere. */
export function containsPattern(text: string): string {
  return `%${escapeLike(text)}%`;
}

/** Prisma's filters for text, any case. */
export const textFilter = {
  contains: (text: string) => ({ contains: escapeLike(text), mode: 'insensitive' }) as const,
  startsWith: (text: string) => ({ startsWith: escapeLike(text), mode: 'insensitive' }) as const,
  endsWith: (text: string) => ({ endsWith: escapeLike(text), mode: 'insensitive' }) as const,
};
