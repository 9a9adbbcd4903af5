/** What a list page's URL says: `?q=&sort=&dir=&page=&size=` and the page's own filters. Nonsense in it counts as absent. */

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;
type Direction = 'asc' | 'desc';

export interface ListParams<Sort extends string> {
  search: string;
  sort: Sort;
  direction: Direction;
  page: number;
  pageSize: number;
}

export const PAGE_SIZES = [25, 50, 100] as const;
const LONGEST_SEARCH = 200;
const LAST_PAGE = 100_000;

export function readParam(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function readPage(text: string | undefined): number {
  const page = Number(text ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1;
}

interface ListDefaults<Sort extends string> {
  sorts: readonly [Sort, ...Sort[]];
  direction?: Direction;
}

/** The first of `sorts` is the default. */
export async function readListParams<Sort extends string>(
  searchParams: SearchParams,
  { sorts, direction = 'asc' }: ListDefaults<Sort>,
): Promise<ListParams<Sort>> {
  const params = await searchParams;
  const asked = readParam(params.dir);
  return {
    search: (readParam(params.q) ?? '').trim().slice(0, LONGEST_SEARCH),
    sort: sorts.find((sort) => sort === readParam(params.sort)) ?? sorts[0],
    direction: asked === 'asc' || asked === 'desc' ? asked : direction,
    page: readPage(readParam(params.page)),
    pageSize: PAGE_SIZES.find((size) => String(size) === readParam(params.size)) ?? PAGE_SIZES[0],
  };
}

/** One of `choices` from the URL, or undefined. */
export async function readChoice<Choice extends string>(
  searchParams: SearchParams,
  name: string,
  choices: readonly Choice[],
): Promise<Choice | undefined> {
  const value = readParam((await searchParams)[name]);
  return choices.find((choice) => choice === value);
}

/** The same URL query with some parameters changed (`undefined` takes one out); a change of anything but the page goes to page 1. */
export function withParams(
  current: Record<string, string | string[] | undefined>,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const query = new URLSearchParams();
  const merged = { ...current, ...('page' in changes ? {} : { page: undefined }), ...changes };
  for (const [name, value] of Object.entries(merged)) {
    const text = readParam(value);
    if (text !== undefined && text !== '') query.set(name, text);
  }
  return `?${query}`;
}
