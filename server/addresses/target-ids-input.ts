import { z } from 'zod';
import { idInput } from '../input/id.ts';

/** More readers than this want a list. */
const MAX_TARGETS = 100;

const ids = z.array(idInput).max(MAX_TARGETS, `An address delivers to at most ${MAX_TARGETS} mailboxes.`);

export const targetIdsInput = ids.min(1, 'Choose at least one mailbox.').transform((each) => [...new Set(each)]);

/** Where a copy may be kept, and need not be. */
export const copyIdsInput = ids.default([]).transform((each) => [...new Set(each)]);
