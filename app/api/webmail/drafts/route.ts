import { draftContent, messageRef } from '#server/webmail/compose/draft.ts';
import { removeDraft, saveDraft } from '#server/webmail/compose/save-draft.ts';
import { composeContext } from '../compose-context.ts';
import { writeRoute } from '../routes.ts';

export const POST = writeRoute(draftContent, (request, draft) => saveDraft(composeContext(request), draft));

export const DELETE = writeRoute(messageRef, ({ mail }, saved) => removeDraft(mail, saved));
