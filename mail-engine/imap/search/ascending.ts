/** Sets as ascending lists of distinct numbers: one pass, nothing but the result is made. */

export function intersect(left: readonly number[], right: readonly number[]): number[] {
  const both: number[] = [];
  let at = 0;
  for (const value of left) {
    while (at < right.length && (right[at] ?? 0) < value) at += 1;
    if (right[at] === value) both.push(value);
  }
  return both;
}

export function subtract(from: readonly number[], what: readonly number[]): number[] {
  const rest: number[] = [];
  let at = 0;
  for (const value of from) {
    while (at < what.length && (what[at] ?? 0) < value) at += 1;
    if (what[at] !== value) rest.push(value);
  }
  return rest;
}

/** Of lists that have nothing in common. */
export function unite(left: readonly number[], right: readonly number[]): number[] {
  const all: number[] = [];
  let at = 0;
  for (const value of left) {
    while (at < right.length && (right[at] ?? 0) < value) all.push(right[at++] ?? 0);
    all.push(value);
  }
  while (at < right.length) all.push(right[at++] ?? 0);
  return all;
}
