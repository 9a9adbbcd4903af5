/** Sizes as people type them, `500 MB` or `2 GiB`, both read in steps of 1024 as mail quotas always were. */
import { z } from 'zod';
import { quotaInput } from '#server/input/text.ts';
import { formatBytes } from '@/format.ts';

const EXPONENT = { '': 2, K: 1, M: 2, G: 3, T: 4 } as const;
const SIZE = /^(\d+(?:[.,]\d+)?)\s*([KMGT]?)(?:I?B)?$/;
const WRONG = 'Enter a size like 500 MiB or 2 GiB, or leave it empty for no limit.';

function toBytes(typed: string): number | undefined {
  const text = typed.trim().toUpperCase();
  if (text === '' || text === '0' || text === 'UNLIMITED') return 0;
  const [, amount, unit] = SIZE.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const exponent = EXPONENT[unit as keyof typeof EXPONENT];
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

/** Bytes as a form shows them. */
export function quotaText(bytes: number): string {
  return bytes === 0 ? '' : formatBytes(bytes);
}
