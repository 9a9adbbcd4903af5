'use server';

import { deleteHeld } from '#server/held-mail/delete-held.ts';
import { releaseHeld } from '#server/held-mail/release-held.ts';
import { grantSendAs } from '#server/send-as/grant-send-as.ts';
import { revokeSendAs } from '#server/send-as/revoke-send-as.ts';
import { updateSendLimits } from '#server/send-limits/update-send-limits.ts';
import { plural } from '@/format.ts';
import { act, actAs } from './act.ts';
import type { ActionResult } from './result.ts';

export async function releaseHeldAction(ids: string[]): Promise<ActionResult<unknown>> {
  return actAs('heldMail.release', async (context) => {
    const { names, messages } = await releaseHeld(context, { ids });
    if (names.length === 0) return { said: 'Nothing was held any more.' };
    const released = messages > 0 ? `${plural(messages, 'message')} released, and ` : '';
    return { said: `${names.join(', ')}: ${released}new mail is no longer held.` };
  });
}

export async function deleteHeldAction(ids: string[]): Promise<ActionResult<unknown>> {
  return actAs('heldMail.delete', async (context) => {
    const { messages } = await deleteHeld(context, { ids });
    return { said: `${plural(messages, 'held message')} deleted.` };
  });
}

export async function updateSendLimitsAction(
  input: Parameters<typeof updateSendLimits>[1],
): Promise<ActionResult<unknown>> {
  return act(updateSendLimits, input);
}

export async function grantSendAsAction(input: Parameters<typeof grantSendAs>[1]): Promise<ActionResult<unknown>> {
  return act(grantSendAs, input);
}

export async function revokeSendAsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(revokeSendAs, { ids });
}
