/** flag, flag-list (RFC 3501 §9). System flags are matched in any case; keywords keep the client's spelling. */
import type { Cursor } from './cursor.ts';

export const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'] as const;
export type SystemFlag = (typeof SYSTEM_FLAGS)[number];

export interface FlagList {
  system: readonly SystemFlag[];
  keywords: readonly string[];
}

const MAX_KEYWORD = 100;
const MAX_KEYWORDS = 64;

export function findSystemFlag(name: string): SystemFlag | undefined {
  return SYSTEM_FLAGS.find((flag) => flag.toLowerCase() === name.toLowerCase());
}

function flag(cursor: Cursor): string {
  if (!cursor.takeText('\\')) return flagKeyword(cursor);
  const name = `\\${cursor.atom()}`;
  return findSystemFlag(name) ?? cursor.fail('No such system flag can be set');
}

/** flag-keyword: an atom of bounded length. */
export function flagKeyword(cursor: Cursor): string {
  const keyword = cursor.atom();
  if (keyword.length > MAX_KEYWORD) cursor.fail('Keyword is too long');
  return keyword;
}

function toFlagList(cursor: Cursor, names: readonly string[]): FlagList {
  const system = new Set<SystemFlag>();
  const keywords = new Map<string, string>();
  for (const name of names) {
    const known = findSystemFlag(name);
    if (known) system.add(known);
    else keywords.set(name.toLowerCase(), name);
  }
  if (keywords.size > MAX_KEYWORDS) cursor.fail('Too many keywords');
  return { system: [...system], keywords: [...keywords.values()] };
}

/** `()` or `(flag flag …)`. */
export function flagList(cursor: Cursor): FlagList {
  if (cursor.takeText('()')) return { system: [], keywords: [] };
  return toFlagList(
    cursor,
    cursor.parenthesized(() => flag(cursor)),
  );
}

/** STORE's flags: a flag-list, or flags without parentheses. */
export function storeFlags(cursor: Cursor): FlagList {
  if (cursor.peekIs('(')) return flagList(cursor);
  const names = [flag(cursor)];
  while (cursor.takeSP()) names.push(flag(cursor));
  return toFlagList(cursor, names);
}
