/**
 * LIST wildcards (RFC 3501 §6.3.8): `*` matches anything, `%` anything without the hierarchy separator. Matching keeps the
 * set of pattern positions that can follow, so its time is pattern × name however many wildcards there are.
 */
const SEPARATOR = '/';

function isWild(character: string | undefined): boolean {
  return character === '*' || character === '%';
}

/** Marks `position` and, as a wildcard may match nothing, those after it. */
function reach(states: Uint8Array, pattern: string, position: number): void {
  let at = position;
  while (states[at] === 0) {
    states[at] = 1;
    if (!isWild(pattern[at])) return;
    at += 1;
  }
}

/** Runs of wildcards mean no more than one of them. */
function collapse(pattern: string): string {
  return pattern.replace(/[*%]{2,}/g, (run) => (run.includes('*') ? '*' : '%'));
}

/** A matcher for whole names; INBOX in a pattern must already be upper-case. */
export function compilePattern(source: string): (name: string) => boolean {
  const pattern = collapse(source);
  return (name) => {
    let states = new Uint8Array(pattern.length + 2);
    reach(states, pattern, 0);
    for (const character of name.split('')) {
      const next = new Uint8Array(pattern.length + 2);
      for (let at = 0; at < pattern.length; at += 1) {
        if (states[at] === 0) continue;
        const expected = pattern[at];
        if (expected === '*' || (expected === '%' && character !== SEPARATOR)) reach(next, pattern, at);
        else if (expected === character) reach(next, pattern, at + 1);
      }
      states = next;
    }
    return states[pattern.length] === 1;
  };
}
