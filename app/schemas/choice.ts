import { z } from 'zod';

/** What a select calls “nobody”: Radix keeps the empty string to itself. */
export const NONE = '-';

/** A chosen id, or null. */
export const chosenId = z.string().transform((value) => (value === NONE ? null : value));
