/** Arguments of SEARCH: RETURN (RFC 4731, SAVE RFC 5182), CHARSET, keys. */
import type { Cursor } from './cursor.ts';
import { type SearchKey, searchKeys } from './search-key.ts';

export type SearchReturn = 'MIN' | 'MAX' | 'COUNT' | 'ALL' | 'SAVE';

export interface SearchArguments {
  /** null: the answer is a SEARCH response, not ESEARCH. */
  returns: ReadonlySet<SearchReturn> | null;
  key: SearchKey;
}

const RETURNS: readonly SearchReturn[] = ['MIN', 'MAX', 'COUNT', 'ALL', 'SAVE'];

function returnOptions(cursor: Cursor): Set<SearchReturn> {
  if (cursor.takeText('()')) return new Set(['ALL']);
  const names = cursor.parenthesized(() => {
    const name = cursor.atom().toUpperCase();
    return RETURNS.find((option) => option === name) ?? cursor.fail('There is no such SEARCH return option');
  });
  return new Set(names);
}

/** Everything after `SEARCH SP`. `requireCharset` is given the client's charset, upper-case, before any text is read. */
export function searchArguments(cursor: Cursor, requireCharset: (charset: string) => void): SearchArguments {
  let returns: Set<SearchReturn> | null = null;
  if (cursor.takeText('RETURN ')) {
    returns = returnOptions(cursor);
    cursor.SP();
  }
  if (cursor.takeText('CHARSET ')) {
    requireCharset(cursor.astring().toUpperCase());
    cursor.SP();
  }
  return { returns, key: searchKeys(cursor) };
}
