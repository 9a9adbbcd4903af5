/** Sends, and tells what became of it in words. */
import { toast } from 'sonner';
import type { DraftContent } from '#server/webmail/compose/draft.ts';
import type { SendOutcome } from '#server/webmail/compose/sendings.ts';
import { ApiError, errorMessage, sendJson } from '../data/api.ts';

/** Why a message has to come back into a window; `again`: the person knows that it may have gone out. */
export interface NotSent {
  title: string;
  windowTitle: 'Not sent' | 'Perhaps sent';
  why: string;
  again: boolean;
}

const TAKEN_UNHEARD: NotSent = {
  title: 'The message may have been sent',
  windowTitle: 'Perhaps sent',
  why: 'The mail server got it, but its answer was lost. Ask a recipient before you send it again: it may arrive twice.',
  again: true,
};

const UNANSWERED: NotSent = {
  title: 'The message may have been sent',
  windowTitle: 'Perhaps sent',
  why: 'The connection was lost before the answer came. Look in Sent before you send it again.',
  again: false,
};

/** Whether the server has it is not known either where nothing, or a stranger, answered. */
function toNotSent(error: unknown, again: boolean): NotSent {
  if (!(error instanceof ApiError) || error.code === 'offline' || error.code === 'unanswered') return UNANSWERED;
  return { title: 'The message was not sent', windowTitle: 'Not sent', why: errorMessage(error), again };
}

/** Resolves with undefined when the message is out. `again` sends one whose outcome is not known once more. */
export async function sendDraft(draft: DraftContent, again: boolean): Promise<NotSent | undefined> {
  try {
    const { refused, kept, unclear } = await sendJson<SendOutcome>('POST', 'send', { ...draft, again });
    if (unclear) return TAKEN_UNHEARD;
    if (refused.length > 0)
      toast.warning('Sent, but not to everybody', { description: `Refused: ${refused.join(', ')}` });
    else if (kept) toast.success('Message sent');
    else toast.warning('Message sent, but no copy could be kept in Sent');
    return undefined;
  } catch (error) {
    return toNotSent(error, again);
  }
}
