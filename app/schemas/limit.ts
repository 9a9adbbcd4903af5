import { z } from 'zod';
import { limitInput } from '#server/input/text.ts';

/** A typed number of things → number; empty is null, which means `empty`. */
function limitTyped(empty: string) {
  return z
    .string()
    .transform((typed, issues) => {
      const text = typed.trim();
      if (text === '') return null;
      if (/^\d{1,9}$/.test(text)) return Number(text);
      issues.addIssue({ code: 'custom', message: `Enter a whole number, or leave it empty for ${empty}.` });
      return z.NEVER;
    })
    .pipe(limitInput);
}

export const typedLimit = limitTyped('no limit');
/** Of what a mailbox takes: 0 is no limit. */
export const typedReceiveLimit = limitTyped('what the host sets');

export function limitText(limit: number | null): string {
  return limit === null ? '' : String(limit);
}
