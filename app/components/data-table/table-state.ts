import type { ListParams, SearchParams } from '@/list-params.ts';

/** What the table's links need of the URL. */
export interface TableState {
  params: ListParams<string>;
  /** Every parameter of the URL, the page's own filters included. */
  query: Record<string, string | string[] | undefined>;
}

export async function tableState(params: ListParams<string>, searchParams: SearchParams): Promise<TableState> {
  return { params, query: await searchParams };
}
