/**
 * search-key (RFC 3501 §6.4.4 with RFC 9051's clarifications; MODSEQ RFC 7162, WITHIN RFC 5032, SAVEDATE RFC 8514, `$` RFC 5182,
 * EMAILID and THREADID RFC 8474) as a tree. Refused: nesting and numbers of keys beyond the limits below.
 */
import type { Cursor } from './cursor.ts';
import { date } from './date.ts';
import { findSystemFlag, flagKeyword, type SystemFlag } from './flag.ts';
import { type SequenceSet, sequenceSet } from './sequence-set.ts';

type DateField = 'internal' | 'sent' | 'saved';
export type DateRelation = 'before' | 'on' | 'since';

export type SearchKey =
  | { kind: 'and'; keys: readonly SearchKey[] }
  | { kind: 'or'; keys: readonly [SearchKey, SearchKey] }
  | { kind: 'not'; key: SearchKey }
  | { kind: 'all' }
  | { kind: 'flag'; flag: SystemFlag }
  | { kind: 'keyword'; keyword: string }
  | { kind: 'sequence'; set: SequenceSet }
  | { kind: 'uid'; set: SequenceSet }
  | { kind: 'saved-result' }
  | { kind: 'modseq'; modseq: number }
  | { kind: 'size'; relation: 'larger' | 'smaller'; bytes: number }
  | { kind: 'date'; field: DateField; relation: DateRelation; day: number }
  | { kind: 'within'; relation: 'older' | 'younger'; seconds: number }
  | { kind: 'save-date-supported' }
  | { kind: 'email-id'; id: string }
  | { kind: 'thread-id'; id: string }
  | { kind: 'header'; name: string; value: string }
  | { kind: 'text'; where: 'text' | 'body'; value: string };

const MAX_DEPTH = 32;
const MAX_KEYS = 500;
/** Keys that may read messages; each costs as much as all others together. */
const MAX_TEXT_KEYS = 32;

const FLAG_KEYS: Readonly<Record<string, SystemFlag>> = {
  ANSWERED: '\\Answered',
  DELETED: '\\Deleted',
  DRAFT: '\\Draft',
  FLAGGED: '\\Flagged',
  SEEN: '\\Seen',
};
const HEADER_KEYS: ReadonlySet<string> = new Set(['BCC', 'CC', 'FROM', 'SUBJECT', 'TO']);
const DATE_KEYS: Readonly<Record<string, readonly [DateField, DateRelation]>> = {
  BEFORE: ['internal', 'before'],
  ON: ['internal', 'on'],
  SINCE: ['internal', 'since'],
  SENTBEFORE: ['sent', 'before'],
  SENTON: ['sent', 'on'],
  SENTSINCE: ['sent', 'since'],
  SAVEDBEFORE: ['saved', 'before'],
  SAVEDON: ['saved', 'on'],
  SAVEDSINCE: ['saved', 'since'],
};

const ALL: SearchKey = { kind: 'all' };

function not(key: SearchKey): SearchKey {
  return { kind: 'not', key };
}

class SearchParser {
  readonly #cursor: Cursor;
  #keys = 0;
  #textKeys = 0;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** search-key *(SP search-key) */
  keys(depth: number): SearchKey {
    const keys = [this.key(depth)];
    while (this.#cursor.takeSP()) keys.push(this.key(depth));
    return keys.length === 1 ? (keys[0] ?? ALL) : { kind: 'and', keys };
  }

  key(depth: number): SearchKey {
    const cursor = this.#cursor;
    this.#keys += 1;
    if (depth > MAX_DEPTH || this.#keys > MAX_KEYS) cursor.fail('Search is too complex');
    if (cursor.takeText('(')) {
      const inner = this.keys(depth + 1);
      cursor.expectText(')');
      return inner;
    }
    if (cursor.takeText('$')) return { kind: 'saved-result' };
    if (cursor.isDigitNext() || cursor.peekIs('*')) return { kind: 'sequence', set: sequenceSet(cursor) };
    const name = cursor.atom().toUpperCase();
    return this.stateKey(name) ?? this.argumentKey(name, depth);
  }

  /** Keys without an argument. \Recent is on no message here, so RECENT and NEW find none and OLD finds all. */
  private stateKey(name: string): SearchKey | undefined {
    const flag = FLAG_KEYS[name];
    if (flag) return { kind: 'flag', flag };
    const unset = name.startsWith('UN') ? FLAG_KEYS[name.slice(2)] : undefined;
    if (unset) return not({ kind: 'flag', flag: unset });
    if (name === 'ALL' || name === 'OLD') return ALL;
    if (name === 'NEW' || name === 'RECENT') return not(ALL);
    if (name === 'SAVEDATESUPPORTED') return { kind: 'save-date-supported' };
    return undefined;
  }

  private argumentKey(name: string, depth: number): SearchKey {
    const cursor = this.#cursor;
    if (name === 'NOT') {
      cursor.SP();
      return not(this.key(depth + 1));
    }
    if (name === 'OR') {
      cursor.SP();
      const left = this.key(depth + 1);
      cursor.SP();
      return { kind: 'or', keys: [left, this.key(depth + 1)] };
    }
    cursor.SP();
    return this.valueKey(name) ?? this.textKey(name);
  }

  private valueKey(name: string): SearchKey | undefined {
    const cursor = this.#cursor;
    const dateKey = DATE_KEYS[name];
    if (dateKey) return { kind: 'date', field: dateKey[0], relation: dateKey[1], day: date(cursor) };
    switch (name) {
      case 'UID':
        return cursor.takeText('$') ? { kind: 'saved-result' } : { kind: 'uid', set: sequenceSet(cursor) };
      case 'KEYWORD':
        return { kind: 'keyword', keyword: flagKeyword(cursor) };
      case 'UNKEYWORD':
        return not({ kind: 'keyword', keyword: flagKeyword(cursor) });
      case 'LARGER':
        return { kind: 'size', relation: 'larger', bytes: cursor.number64() };
      case 'SMALLER':
        return { kind: 'size', relation: 'smaller', bytes: cursor.number64() };
      case 'OLDER':
        return { kind: 'within', relation: 'older', seconds: cursor.nzNumber() };
      case 'YOUNGER':
        return { kind: 'within', relation: 'younger', seconds: cursor.nzNumber() };
      case 'EMAILID':
        return { kind: 'email-id', id: cursor.astring() };
      case 'THREADID':
        return { kind: 'thread-id', id: cursor.astring() };
      case 'MODSEQ':
        return this.modseq();
      default:
        return undefined;
    }
  }

  /** `MODSEQ ["/flags/…" entry-type] n` (RFC 7162 §3.1.5): per-flag modseqs are not kept, so the entry changes nothing. */
  private modseq(): SearchKey {
    const cursor = this.#cursor;
    if (cursor.peekIs('"')) {
      const flag = cursor.quoted().replace(/^\/flags\//i, '');
      if (flag.startsWith('\\') && !findSystemFlag(flag)) cursor.fail('No such flag');
      cursor.SP();
      const type = cursor.atom().toLowerCase();
      if (!['priv', 'shared', 'all'].includes(type)) cursor.fail('Expected priv, shared or all');
      cursor.SP();
    }
    return { kind: 'modseq', modseq: cursor.number64() };
  }

  private textKey(name: string): SearchKey {
    const cursor = this.#cursor;
    this.#textKeys += 1;
    if (this.#textKeys > MAX_TEXT_KEYS) cursor.fail('Search is too complex');
    if (HEADER_KEYS.has(name)) return { kind: 'header', name: name.toLowerCase(), value: cursor.astring() };
    if (name === 'BODY' || name === 'TEXT') {
      return { kind: 'text', where: name === 'BODY' ? 'body' : 'text', value: cursor.astring() };
    }
    if (name !== 'HEADER') cursor.fail('There is no such search key');
    const field = cursor.astring().toLowerCase();
    cursor.SP();
    return { kind: 'header', name: field, value: cursor.astring() };
  }
}

/** The search-keys up to the end of the command, all of which must match. */
export function searchKeys(cursor: Cursor): SearchKey {
  return new SearchParser(cursor).keys(0);
}

/** Characters of the longest text that is looked for; of a header field its value. */
export function longestText(key: SearchKey): number {
  if (key.kind === 'not') return longestText(key.key);
  if (key.kind === 'and' || key.kind === 'or') return Math.max(...key.keys.map(longestText));
  return key.kind === 'text' || key.kind === 'header' ? key.value.length : 0;
}

/** True where any key in the tree has this kind. */
export function containsKind(key: SearchKey, kind: SearchKey['kind']): boolean {
  if (key.kind === kind) return true;
  if (key.kind === 'not') return containsKind(key.key, kind);
  return (key.kind === 'and' || key.kind === 'or') && key.keys.some((inner) => containsKind(inner, kind));
}
