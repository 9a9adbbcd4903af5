import { z } from 'zod';

const LOCAL_PART = /^[\p{L}\p{M}\p{N}_'-]+(?:\.[\p{L}\p{M}\p{N}_'-]+)*$/u;

/** What can be said about the part before the @ while it is typed; the operation's own schema has the last word. */
export const typedLocalPart = z
  .string()
  .trim()
  .min(1, { error: 'Enter the name before the @.', abort: true })
  .max(64, 'Use at most 64 characters.')
  .refine((typed) => !typed.includes('@'), { error: 'Enter only what stands before the @.', abort: true })
  .regex(LOCAL_PART, 'Use letters, digits, dots, hyphens, underscores or apostrophes; no dot at either end.');
