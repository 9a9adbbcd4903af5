/**
 * LIST wildcards (RFC 3501 §6.3.8): `*` matches anything, `%` anything without the hierarchy separator. Matching keeps the
 * set of pattern positions that can follow, so its time is pattern × name however many wildcards there are, and
 * nothing is made for a character.
 */
const SEPARATOR = '/';

function isWild(character: string | undefined): boolean {
  return character === '*' || character === '%';
}

/** Marks `position` and, as a wildcard may match nothing, those after it; returns the last of them. */
function reach(states: Uint8Array, pattern: string, position: number): number {
  let at = position;
  while (states[at] === 0) {
    states[at] = 1;
    if (!isWild(pattern[at])) break;
    at += 1;
  }
  return at;
}

/** Runs of wildcards mean no more than one of them. */
function collapse(pattern: string): string {
  return pattern.replace(/[*%]{2,}/g, (run) => (run.includes('*') ? '*' : '%'));
}

/** How many positions can follow at most: one until there is a wildcard, then any behind it. */
export function stepsPerCharacter(source: string): number {
  const pattern = collapse(source);
  const wild = pattern.search(/[*%]/);
  return wild < 0 ? 1 : pattern.length - wild + 1;
}

/** A matcher for whole names; INBOX in a pattern must already be upper-case. */
export function compilePattern(source: string): (name: string) => boolean {
  const pattern = collapse(source);
  let states = new Uint8Array(pattern.length + 2);
  let next = new Uint8Array(pattern.length + 2);
  return (name) => {
    states.fill(0);
    let first = 0;
    let last = reach(states, pattern, 0);
    for (let index = 0; index < name.length; index += 1) {
      const character = name[index];
      let nextFirst = first;
      let nextLast = -1;
      for (let at = first; at <= last; at += 1) {
        if (states[at] === 0) continue;
        const expected = pattern[at];
        const stays = expected === '*' || (expected === '%' && character !== SEPARATOR);
        if (!stays && expected !== character) continue;
        if (nextLast < 0) nextFirst = stays ? at : at + 1;
        nextLast = Math.max(nextLast, reach(next, pattern, stays ? at : at + 1));
      }
      if (nextLast < 0) return false;
      states.fill(0, first, last + 1);
      [states, next] = [next, states];
      [first, last] = [nextFirst, nextLast];
    }
    return states[pattern.length] === 1;
  };
}
