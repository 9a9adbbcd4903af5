import { z } from 'zod';

/** One line a person typed: trimmed, no control characters. */
export function line(max: number) {
  return z
    .string()
    .trim()
    .max(max, `Use at most ${max} characters.`)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Use one line of plain text.');
}

/** May be left empty. */
export const displayNameInput = line(200);

export const personNameInput = line(200).min(1, 'Enter a name.');

/** An operator's email, as kept: lower-case. */
export const emailInput = line(320)
  .toLowerCase()
  .regex(/^[^\s@]+@[^\s@]+$/, 'Enter an email address, like name@example.org.');

/** 0 means unlimited. */
export const quotaInput = z
  .number({ error: 'Enter a size.' })
  .int('Enter a whole number of bytes.')
  .min(0, 'A quota cannot be negative.')
  .max(2 ** 50, 'This is more than a mailbox can have.');

/** A limit on how many; null means unlimited. */
export const limitInput = z
  .number({ error: 'Enter a number, or leave it empty for no limit.' })
  .int('Enter a whole number.')
  .min(0, 'A limit cannot be negative.')
  .max(1_000_000, 'Leave it empty for no limit.')
  .nullable();
