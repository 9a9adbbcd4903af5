/** The answer to SEARCH: the old SEARCH response, or ESEARCH (RFC 4731) with what was asked for. */
import type { SearchReturn } from '#engine/wire/imap/search-command.ts';
import { formatSet } from '#engine/wire/imap/sequence-set.ts';

export interface SearchResult {
  tag: string;
  byUid: boolean;
  /** Message numbers or UIDs, ascending. */
  numbers: readonly number[];
  /** Highest modseq among the results the answer stands for; null where the client did not ask by MODSEQ (RFC 7162 §3.1.5). */
  modseq: number | null;
}

export function formatSearch({ numbers, modseq }: SearchResult): string {
  const tail = modseq !== null && numbers.length > 0 ? [`(MODSEQ ${modseq})`] : [];
  return `* ${['SEARCH', ...numbers, ...tail].join(' ')}\r\n`;
}

export function formatEsearch(result: SearchResult, returns: ReadonlySet<SearchReturn>): string {
  const { tag, byUid, numbers, modseq } = result;
  const parts = [`ESEARCH (TAG "${tag.replace(/["\\]/g, '\\$&')}")`];
  if (byUid) parts.push('UID');
  const first = numbers.at(0);
  const last = numbers.at(-1);
  if (returns.has('MIN') && first !== undefined) parts.push(`MIN ${first}`);
  if (returns.has('MAX') && last !== undefined) parts.push(`MAX ${last}`);
  if (returns.has('ALL') && numbers.length > 0) parts.push(`ALL ${formatSet(numbers)}`);
  if (returns.has('COUNT')) parts.push(`COUNT ${numbers.length}`);
  if (modseq !== null && numbers.length > 0) parts.push(`MODSEQ ${modseq}`);
  return `* ${parts.join(' ')}\r\n`;
}

/** The results an answer stands for: only the ends where only they were asked for, in `$` (RFC 5182 §2.4) and MODSEQ (RFC 4731 §3.2). */
export function answeredUids(uids: readonly number[], returns: ReadonlySet<SearchReturn>): readonly number[] {
  if (returns.has('ALL') || returns.has('COUNT') || (!returns.has('MIN') && !returns.has('MAX'))) return uids;
  const ends = [returns.has('MIN') ? uids.at(0) : undefined, returns.has('MAX') ? uids.at(-1) : undefined];
  return [...new Set(ends.filter((uid) => uid !== undefined))];
}
