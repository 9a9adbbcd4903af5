import { z } from 'zod';
import { messageRef } from '#server/webmail/compose/draft.ts';
import { reopenDraft, startAnswer } from '#server/webmail/compose/start-draft.ts';
import { listSenders } from '#server/webmail/senders/list-senders.ts';
import { writeRoute } from '../../routes.ts';

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // Intl throws for a name it does not know; that is the answer
  }
}

const input = messageRef.extend({
  mode: z.enum(['reply', 'reply-all', 'forward', 'reopen']),
  timeZone: z.string().max(64).refine(isTimeZone, 'not a time zone').default('UTC'),
});

export const POST = writeRoute(input, async ({ mail, account, context }, { mode, ...ref }) => {
  if (mode === 'reopen') return reopenDraft(mail, ref);
  const senders = await listSenders(context, {});
  return startAnswer(mail, { name: account.name, address: account.address }, { ...ref, mode, senders });
});
