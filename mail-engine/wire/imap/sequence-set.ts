/** sequence-set (RFC 3501 §9): ranges of message numbers or UIDs, `*` being the last one. */
import type { Cursor } from './cursor.ts';

/** Larger than every number; stands for `*`. */
const STAR = Number.POSITIVE_INFINITY;

/** Ranges as the client wrote them: either end may be the larger one. */
export type SequenceSet = readonly (readonly [from: number, to: number])[];

function seqNumber(cursor: Cursor): number {
  return cursor.takeText('*') ? STAR : cursor.nzNumber();
}

/** Takes a sequence-set; its length is bounded by the command's. */
export function sequenceSet(cursor: Cursor): SequenceSet {
  const ranges: (readonly [number, number])[] = [];
  do {
    const from = seqNumber(cursor);
    ranges.push([from, cursor.takeText(':') ? seqNumber(cursor) : from]);
  } while (cursor.takeText(','));
  return ranges;
}

/** Ascending, disjoint ranges with `*` replaced by `last`. */
export function normalizeSet(set: SequenceSet, last: number): (readonly [number, number])[] {
  const ordered = set
    .map(([a, b]) => [a === STAR ? last : a, b === STAR ? last : b] as const)
    .map(([a, b]) => (a <= b ? ([a, b] as const) : ([b, a] as const)))
    .sort((left, right) => left[0] - right[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of ordered) {
    const previous = merged.at(-1);
    if (previous && from <= previous[1] + 1) previous[1] = Math.max(previous[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Index of the first element of ascending `values` that is not below `value`. */
export function lowerBound(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Those of ascending `values` that the set names, ascending; `*` is the last of them. */
export function selectFromSet(set: SequenceSet, values: readonly number[]): number[] {
  const last = values.at(-1);
  if (last === undefined) return [];
  const selected: number[] = [];
  for (const [from, to] of normalizeSet(set, last)) {
    for (let at = lowerBound(values, from); at < values.length; at += 1) {
      const value = values[at] ?? 0;
      if (value > to) break;
      selected.push(value);
    }
  }
  return selected;
}

/** The shortest set for `values` in the order given: runs of successors become ranges. */
export function formatSet(values: readonly number[]): string {
  const parts: string[] = [];
  let at = 0;
  while (at < values.length) {
    const from = values[at] ?? 0;
    let to = from;
    while (values[at + 1] === to + 1) {
      to += 1;
      at += 1;
    }
    parts.push(from === to ? `${from}` : `${from}:${to}`);
    at += 1;
  }
  return parts.join(',');
}
