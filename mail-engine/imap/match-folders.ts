/** Which folder names match any of a LIST command's patterns; refused where finding out would take long. */
import { compilePattern } from '#engine/wire/imap/list-pattern.ts';
import { ImapError } from './errors.ts';

/** Matching takes at most pattern × name steps; this many take a fraction of a second. */
const MAX_STEPS = 200_000_000;

function totalLength(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

export function compileFolderPatterns(
  patterns: readonly string[],
  names: readonly string[],
): (name: string) => boolean {
  if (totalLength(patterns) * totalLength(names) > MAX_STEPS) {
    throw new ImapError('NO', 'LIMIT', 'These patterns are too long for so many mailboxes');
  }
  const matchers = patterns.map(compilePattern);
  return (name) => matchers.some((matches) => matches(name));
}
