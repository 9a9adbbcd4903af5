/**
 * SEARCH as sets: each key narrows an ascending list of UIDs. Of keys that must all match those the view answers come first, then
 * those that read rows, then those that read text, so that the costly ones see as few messages as possible.
 */
import type { SearchKey } from '#engine/wire/imap/search-key.ts';
import type { SelectedFolder } from '../selected-folder.ts';
import type { ImapSession } from '../session.ts';
import { subtract, unite } from './ascending.ts';
import { matchByRow } from './match-row.ts';
import { matchByView } from './match-view.ts';

export interface SearchContext {
  session: ImapSession;
  selected: SelectedFolder;
  now: Date;
}

type Uids = readonly number[];

const ROW_KINDS: ReadonlySet<SearchKey['kind']> = new Set(['size', 'date', 'within', 'email-id', 'thread-id']);

function costOf(key: SearchKey): number {
  if (key.kind === 'not') return costOf(key.key);
  if (key.kind === 'and' || key.kind === 'or') return Math.max(...key.keys.map(costOf));
  if (key.kind === 'header' || key.kind === 'text') return 2;
  return ROW_KINDS.has(key.kind) ? 1 : 0;
}

async function evaluateAll(context: SearchContext, keys: readonly SearchKey[], uids: Uids): Promise<Uids> {
  let left = uids;
  for (const key of keys.toSorted((a, b) => costOf(a) - costOf(b))) {
    if (left.length === 0) return left;
    left = await evaluate(context, key, left);
  }
  return left;
}

async function evaluateEither(
  context: SearchContext,
  [left, right]: readonly [SearchKey, SearchKey],
  uids: Uids,
): Promise<Uids> {
  const first = await evaluate(context, left, uids);
  const second = await evaluate(context, right, subtract(uids, first));
  return unite(first, second);
}

async function matchByText(
  { session, selected }: SearchContext,
  key: Extract<SearchKey, { kind: 'header' | 'text' }>,
  uids: Uids,
): Promise<Uids> {
  const { accountId, id } = selected.view.folder;
  const { store } = session.deps;
  const found =
    key.kind === 'text'
      ? await store.searchText(accountId, id, uids, key.value, key.where)
      : await store.searchHeader(accountId, id, uids, key.name, key.value);
  return found.toSorted((a, b) => a - b);
}

/** Those of ascending `uids` that match, ascending. */
export async function evaluate(context: SearchContext, key: SearchKey, uids: Uids): Promise<Uids> {
  if (uids.length === 0) return uids;
  await context.session.turn.giveWay();
  switch (key.kind) {
    case 'and':
      return await evaluateAll(context, key.keys, uids);
    case 'or':
      return await evaluateEither(context, key.keys, uids);
    case 'not':
      return subtract(uids, await evaluate(context, key.key, uids));
    case 'header':
    case 'text':
      return await matchByText(context, key, uids);
    case 'size':
    case 'date':
    case 'within':
    case 'email-id':
    case 'thread-id':
      return await matchByRow(context, key, uids);
    default:
      return await matchByView(context, key, uids);
  }
}
