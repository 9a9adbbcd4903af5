/** The first argument of FETCH, STORE, COPY and MOVE: a sequence-set or `$` (RFC 5182). */
import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { type SequenceSet, sequenceSet } from '#engine/wire/imap/sequence-set.ts';
import type { SelectedFolder } from './selected-folder.ts';

export type MessageSet = SequenceSet | 'saved';

export function messageSet(cursor: Cursor): MessageSet {
  return cursor.takeText('$') ? 'saved' : sequenceSet(cursor);
}

/** UIDs, ascending. */
export function resolveMessageSet(selected: SelectedFolder, set: MessageSet, byUid: boolean): number[] {
  return set === 'saved' ? selected.resolveSaved() : selected.resolve(set, byUid);
}
