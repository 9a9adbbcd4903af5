/** Which folder names match any of a LIST command's patterns; refused where finding out would take long. */
import { compilePattern, stepsPerCharacter } from '#engine/wire/imap/list-pattern.ts';
import { ImapError } from './errors.ts';

/** This many take a tenth of a second; a path and a wildcard take two for each character of the names. */
const MAX_STEPS = 10_000_000;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function compileFolderPatterns(
  patterns: readonly string[],
  names: readonly string[],
): (name: string) => boolean {
  if (sum(patterns.map(stepsPerCharacter)) * sum(names.map(({ length }) => length)) > MAX_STEPS) {
    throw new ImapError('NO', 'LIMIT', 'These patterns are too long for so many mailboxes, ask for fewer at once');
  }
  const matchers = patterns.map(compilePattern);
  return (name) => matchers.some((matches) => matches(name));
}
