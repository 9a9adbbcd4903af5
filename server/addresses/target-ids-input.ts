import { z } from 'zod';
import { idInput } from '../input/id.ts';

/** More readers than this want a list. */
const MAX_TARGETS = 100;

export const targetIdsInput = z
  .array(idInput)
  .min(1, 'Choose at least one mailbox.')
  .max(MAX_TARGETS, `An alias delivers to at most ${MAX_TARGETS} mailboxes.`)
  .transform((ids) => [...new Set(ids)]);
