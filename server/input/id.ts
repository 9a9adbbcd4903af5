import { z } from 'zod';

const wrong = 'This is not an id.';
const text = z.string().regex(/^[1-9]\d{0,17}$/, wrong);
const whole = z.number().int(wrong).positive(wrong);
const big = z
  .bigint()
  .positive(wrong)
  .max(2n ** 62n, wrong);

/** An id as results carry it (a decimal string), or as a bigint or number; anything else is `invalid`. */
export const idInput = z.union([text, whole, big], { error: wrong }).transform((id) => BigInt(id));

/** Ids of what one action is applied to: all of them or, when one is not found, none. */
export const idsInput = z
  .array(idInput)
  .min(1, 'Choose at least one.')
  .max(500, 'Choose at most 500 at a time.')
  .transform((ids) => [...new Set(ids)]);
