import { z } from 'zod';
import { normaliseLocalPart } from './normalise-address.ts';

/**
 * What may stand before the @ of an address hosted here: a dot-string (RFC 5321 §4.1.2) of letters and digits of any script and
 * `. _ - '`. The plus sign is kept for extensions (`name+anything`).
 */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}_'-]+(?:\.[\p{L}\p{M}\p{N}_'-]+)*$/u;

export const localPartInput = z
  .string()
  .trim()
  .transform((typed, issues) => {
    const localPart = normaliseLocalPart(typed);
    if (localPart !== undefined && LOCAL_PART.test(localPart)) return localPart;
    const message = typed.includes('@')
      ? 'Enter only what stands before the @.'
      : 'Use letters, digits, dots, hyphens, underscores or apostrophes, at most 64; no dot at either end.';
    issues.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
