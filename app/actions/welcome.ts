'use server';

import { z } from 'zod';
import { redeemPasswordLink } from '#server/auth/password-link.ts';
import { container } from '@/container.ts';
import { toResult } from './act.ts';
import type { ActionResult } from './result.ts';

const input = z.object({
  token: z.string().max(200),
  password: z.string().max(1_024),
  email: z.string().max(1_024).optional(),
  name: z.string().max(1_024).optional(),
});

/** Nobody is signed in here: the link is what authorises. Answers with the email to sign in with. */
export async function redeemLinkAction(given: z.input<typeof input>): Promise<ActionResult<{ email: string }>> {
  const { db, now } = container();
  return toResult('auth.redeemPasswordLink', () => redeemPasswordLink({ db, now }, input.parse(given)));
}
