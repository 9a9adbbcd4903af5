import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** A query that fails when it has no answer within that time; its connection is closed then, for its server may have vanished. */
export function queryWithin<Row extends QueryResultRow>(
  pool: Pick<Pool, 'query'>,
  timeoutMs: number,
  text: string,
  values: unknown[],
): Promise<QueryResult<Row>> {
  const query: QueryConfig & { query_timeout: number } = { text, values, query_timeout: timeoutMs };
  return pool.query<Row>(query);
}
