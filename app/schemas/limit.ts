import { z } from 'zod';
import { limitInput } from '#server/input/text.ts';

/** A typed number of things → number; empty is null, no limit. */
export const typedLimit = z
  .string()
  .transform((typed, issues) => {
    const text = typed.trim();
    if (text === '') return null;
    if (/^\d{1,9}$/.test(text)) return Number(text);
    issues.addIssue({ code: 'custom', message: 'Enter a whole number, or leave it empty for no limit.' });
    return z.NEVER;
  })
  .pipe(limitInput);

export function limitText(limit: number | null): string {
  return limit === null ? '' : String(limit);
}
