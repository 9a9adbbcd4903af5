/** Sizes as people type them, `500 MB` or `2 GiB`, both read in steps of 1024 as mail quotas always were. */
import { z } from 'zod';
import { quotaInput } from '#server/input/text.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const LETTERS = 'BKMGT';
const SIZE = /^(\d+(?:[.,]\d+)?)\s*(?:([KMGT])(?:I?B)?|(B))?$/;
const WRONG = 'Enter a size like 500 MiB or 2 GiB, or leave it empty for no limit.';

function toBytes(typed: string): number | undefined {
  const text = typed.trim().toUpperCase();
  if (text === '' || text === '0' || text === 'UNLIMITED') return 0;
  const [, amount, prefix, bytes] = SIZE.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const exponent = LETTERS.indexOf(bytes ?? prefix ?? 'M');
  return Math.round(Number(amount.replace(',', '.')) * 1024 ** exponent);
}

/** Typed size → bytes; empty is 0, unlimited. A bare number is MB. */
export const typedQuota = z
  .string()
  .transform((typed, issues) => {
    const bytes = toBytes(typed);
    if (bytes !== undefined) return bytes;
    issues.addIssue({ code: 'custom', message: WRONG });
    return z.NEVER;
  })
  .pipe(quotaInput);

/** Bytes as a form shows them: exact, so that saving a form nobody changed changes nothing. */
export function quotaText(bytes: number): string {
  if (bytes === 0) return '';
  let [value, unit] = [bytes, 0];
  while (value % 1024 === 0 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value} ${UNITS[unit]}`;
}
