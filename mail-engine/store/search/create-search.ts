/**
 * Searches, on few connections of their own: however many are asked for, and however long they take, the others are left to mail. Those
 * beyond wait for their turn, statement by statement. A statement that takes too long is ended and the search refused.
 */
import { createPool } from '#server/database/pool.ts';
import { type Store, StoreError } from '../types.ts';
import { searchHeader } from './search-header.ts';
import { searchText } from './search-text.ts';

const CONNECTIONS = 3;
const STATEMENT_MS = 30_000;
const QUERY_CANCELED = '57014';

interface Search extends Pick<Store, 'searchText' | 'searchHeader'> {
  close(): Promise<void>;
}

async function withinLimits<T>(searching: Promise<T>): Promise<T> {
  try {
    return await searching;
  } catch (error) {
    if ((error as { code?: unknown }).code !== QUERY_CANCELED) throw error;
    throw new StoreError('limit', 'This search takes too long: search fewer messages, or for other words.');
  }
}

/** `url`: of the database itself, as the time allowed is a setting of the session. */
export function createSearch(url: string, statementMs = STATEMENT_MS): Search {
  const pool = createPool({ connectionString: url, max: CONNECTIONS, statement_timeout: statementMs });
  return {
    searchText: (...wanted) => withinLimits(searchText(pool, ...wanted)),
    searchHeader: (...wanted) => withinLimits(searchHeader(pool, ...wanted)),
    close: () => pool.end(),
  };
}
