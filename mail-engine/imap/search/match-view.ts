/** Search keys that the folder's view answers from memory. */
import type { MessageEntry } from '#engine/store/types.ts';
import type { SearchKey } from '#engine/wire/imap/search-key.ts';
import { flagBit } from '../flags.ts';
import type { SelectedFolder } from '../selected-folder.ts';
import { intersect } from './ascending.ts';
import type { SearchContext } from './evaluate.ts';

export type ViewKey = Extract<
  SearchKey,
  { kind: 'all' | 'flag' | 'keyword' | 'sequence' | 'uid' | 'saved-result' | 'modseq' | 'save-date-supported' }
>;

function entryTest(key: Extract<ViewKey, { kind: 'flag' | 'keyword' | 'modseq' }>): (entry: MessageEntry) => boolean {
  if (key.kind === 'flag') {
    const bit = flagBit(key.flag);
    return (entry) => (entry.flags & bit) !== 0;
  }
  if (key.kind === 'modseq') return (entry) => entry.modseq >= key.modseq;
  const wanted = key.keyword.toLowerCase();
  return (entry) => entry.keywords.some((keyword) => keyword.toLowerCase() === wanted);
}

function namedUids(selected: SelectedFolder, key: ViewKey): readonly number[] | undefined {
  if (key.kind === 'sequence') return selected.resolve(key.set, false);
  if (key.kind === 'uid') return selected.resolve(key.set, true);
  return key.kind === 'saved-result' ? selected.resolveSaved() : undefined;
}

/** A message looked at may have a hundred keywords. */
const LOOKED_AT_ONCE = 500;

export async function matchByView(
  { session, selected }: SearchContext,
  key: ViewKey,
  uids: readonly number[],
): Promise<readonly number[]> {
  const named = namedUids(selected, key);
  if (named) return intersect(uids, named);
  if (key.kind !== 'flag' && key.kind !== 'keyword' && key.kind !== 'modseq') return uids;
  const matches = entryTest(key);
  const found: number[] = [];
  let looked = 0;
  for (const uid of uids) {
    if (looked % LOOKED_AT_ONCE === 0) await session.turn.giveWay();
    looked += 1;
    const entry = selected.findEntry(uid);
    if (entry && matches(entry)) found.push(uid);
  }
  return found;
}
