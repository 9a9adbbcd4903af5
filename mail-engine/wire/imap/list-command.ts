/** Arguments of LIST, basic and extended (RFC 3501 §6.3.8, RFC 5258, LIST-STATUS RFC 5819, SPECIAL-USE RFC 6154). */
import type { Cursor } from './cursor.ts';
import { mailbox, mailboxPattern } from './mailbox.ts';
import { type StatusAtt, statusAtts } from './status-att.ts';

type ListSelection = 'SUBSCRIBED' | 'REMOTE' | 'RECURSIVEMATCH' | 'SPECIAL-USE';
type ListReturn = 'SUBSCRIBED' | 'CHILDREN' | 'SPECIAL-USE';

export interface ListArguments {
  selection: ReadonlySet<ListSelection>;
  reference: string;
  patterns: readonly string[];
  returns: ReadonlySet<ListReturn>;
  status: readonly StatusAtt[] | null;
  /** Options or several patterns were given: answer as RFC 5258 says, also for `""`. */
  extended: boolean;
}

const SELECTIONS: readonly ListSelection[] = ['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE'];
const RETURNS: readonly ListReturn[] = ['SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE'];
const MAX_PATTERNS = 100;

function selectionOptions(cursor: Cursor): Set<ListSelection> {
  if (cursor.takeText('()')) return new Set();
  const names = cursor.parenthesized(() => {
    const name = cursor.atom().toUpperCase();
    return SELECTIONS.find((option) => option === name) ?? cursor.fail('There is no such LIST selection option');
  });
  const options = new Set(names);
  // RFC 5258 §3: RECURSIVEMATCH needs a selection it can match in children.
  if (options.has('RECURSIVEMATCH') && !options.has('SUBSCRIBED') && !options.has('SPECIAL-USE')) {
    cursor.fail('RECURSIVEMATCH needs another selection option');
  }
  return options;
}

function patterns(cursor: Cursor, utf8: boolean): string[] {
  if (!cursor.peekIs('(')) return [mailboxPattern(cursor, utf8)];
  const list = cursor.parenthesized(() => mailboxPattern(cursor, utf8));
  if (list.length > MAX_PATTERNS) cursor.fail('Too many patterns');
  return list;
}

/** `RETURN (…)` after its word. */
function returnOptions(cursor: Cursor): { returns: Set<ListReturn>; status: StatusAtt[] | null } {
  const returns = new Set<ListReturn>();
  let status: StatusAtt[] | null = null;
  if (cursor.takeText('()')) return { returns, status };
  cursor.parenthesized(() => {
    const name = cursor.atom().toUpperCase();
    if (name === 'STATUS') {
      cursor.SP();
      status = statusAtts(cursor);
      return;
    }
    returns.add(RETURNS.find((option) => option === name) ?? cursor.fail('There is no such LIST return option'));
  });
  return { returns, status };
}

/** Everything after `LIST SP`. */
export function listArguments(cursor: Cursor, utf8: boolean): ListArguments {
  const selective = cursor.peekIs('(');
  const selection = selective ? selectionOptions(cursor) : new Set<ListSelection>();
  if (selective) cursor.SP();
  const reference = mailbox(cursor, utf8);
  cursor.SP();
  const multiple = cursor.peekIs('(');
  const wanted = patterns(cursor, utf8);
  const returning = cursor.takeText(' RETURN ');
  const { returns, status } = returning ? returnOptions(cursor) : { returns: new Set<ListReturn>(), status: null };
  return { selection, reference, patterns: wanted, returns, status, extended: selective || multiple || returning };
}
