/** SEARCH and UID SEARCH (RFC 3501 §6.4.4, §6.4.8). */
import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { type SearchArguments, searchArguments } from '#engine/wire/imap/search-command.ts';
import { containsKind, longestText } from '#engine/wire/imap/search-key.ts';
import { type Command, type Completion, completed, defineCommand, SELECTED } from '../command.ts';
import { ImapError } from '../errors.ts';
import { evaluate } from '../search/evaluate.ts';
import { answeredUids, formatEsearch, formatSearch, type SearchResult } from '../search/result.ts';
import type { SelectedFolder } from '../selected-folder.ts';
import type { ImapSession } from '../session.ts';

/** Looking for a text takes steps in the number of its characters, in the database too. */
const MAX_TEXT = 1000;

/** RFC 6855 §3: a client that speaks UTF-8 must not name a charset. */
function requireCharset(session: ImapSession, charset: string): void {
  if (session.utf8) throw new ImapError('BAD', undefined, 'CHARSET cannot be used with UTF8=ACCEPT');
  if (charset !== 'UTF-8' && charset !== 'US-ASCII') {
    throw new ImapError('NO', 'BADCHARSET (US-ASCII UTF-8)', 'This charset is not known');
  }
}

function searchCommandArguments(cursor: Cursor, session: ImapSession): SearchArguments {
  cursor.SP();
  const args = searchArguments(cursor, (charset) => requireCharset(session, charset));
  if (longestText(args.key) > MAX_TEXT)
    throw new ImapError('NO', 'LIMIT', 'A text of at most 1,000 characters can be found');
  return args;
}

/** A search that fails leaves `$` empty (RFC 5182 §2.1). */
async function findUids(
  session: ImapSession,
  selected: SelectedFolder,
  { key, returns }: SearchArguments,
): Promise<readonly number[]> {
  const saves = returns?.has('SAVE') ?? false;
  try {
    const uids = await evaluate({ session, selected, now: new Date() }, key, selected.tracker.uids);
    if (saves && returns) selected.savedUids = answeredUids(uids, returns);
    return uids;
  } catch (error) {
    if (saves && !(error instanceof ImapError)) selected.savedUids = [];
    throw error;
  }
}

function highestModseq(selected: SelectedFolder, uids: readonly number[]): number {
  let highest = 0;
  for (const uid of uids) highest = Math.max(highest, selected.findEntry(uid)?.modseq ?? 0);
  return highest;
}

function formatResult(result: SearchResult, returns: SearchArguments['returns']): string {
  if (!returns) return formatSearch(result);
  // SAVE alone asks for no answer at all.
  return returns.size === 1 && returns.has('SAVE') ? '' : formatEsearch(result, returns);
}

async function search(session: ImapSession, name: string, args: SearchArguments, byUid: boolean): Promise<Completion> {
  const selected = session.requireSelected();
  const asksModseq = containsKind(args.key, 'modseq');
  if (asksModseq) session.enabled.add('CONDSTORE');
  const uids = await findUids(session, selected, args);
  const numbers = byUid ? uids : uids.map((uid) => selected.tracker.sequenceOf(uid));
  const answered = args.returns ? answeredUids(uids, args.returns) : uids;
  const modseq = asksModseq ? highestModseq(selected, answered) : null;
  const response = formatResult({ tag: session.tag, byUid, numbers, modseq }, args.returns);
  if (response !== '') await session.send(response);
  return completed(name);
}

function defineSearch(name: string, byUid: boolean): Command {
  return defineCommand({
    name,
    states: SELECTED,
    holdsExpunge: !byUid,
    parse: searchCommandArguments,
    run: (session, args) => search(session, name, args, byUid),
  });
}

export const searchCommands = [defineSearch('SEARCH', false), defineSearch('UID SEARCH', true)];
