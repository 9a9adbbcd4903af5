import { z } from 'zod';
import { line } from '../input/text.ts';

const MAX_BODY = 20_000;

/** What a responder says, and how often it says it to the same sender. */
export const answerInput = {
  /** Empty: that of the message, after "Auto:". */
  subject: line(200).default(''),
  body: z
    .string()
    .trim()
    .min(1, 'Enter what it answers.')
    .max(MAX_BODY, `Use at most ${MAX_BODY.toLocaleString('en')} characters.`)
    .refine((text) => !/[^\P{Cc}\r\n\t]|\p{Cs}/u.test(text), 'Use plain text.'),
  intervalDays: z
    .number({ error: 'Enter a number of days.' })
    .int('Enter a whole number of days.')
    .min(1, 'Enter 1 to 365 days.')
    .max(365, 'Enter 1 to 365 days.')
    .default(7),
};
