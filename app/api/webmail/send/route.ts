import { logger } from '#server/logger.ts';
import { draftContent } from '#server/webmail/compose/draft.ts';
import { sendMessage } from '#server/webmail/compose/send-message.ts';
import { composeContext } from '../compose-context.ts';
import { writeRoute } from '../routes.ts';
import { webmailRuntime } from '../runtime.ts';

export const POST = writeRoute(draftContent, (request, draft) => {
  const submission = webmailRuntime().servers.submission;
  return sendMessage(
    { ...composeContext(request), identity: request.identity, submission, log: logger('webmail') },
    draft,
  );
});
