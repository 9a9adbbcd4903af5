import { z } from 'zod';
import { logger } from '#server/logger.ts';
import { draftContent } from '#server/webmail/compose/draft.ts';
import { sendMessage } from '#server/webmail/compose/send-message.ts';
import { composeContext } from '../compose-context.ts';
import { writeRoute } from '../routes.ts';
import { webmailRuntime } from '../runtime.ts';

const input = draftContent.extend({ again: z.boolean().default(false) });

export const POST = writeRoute(input, (request, { again, ...draft }) => {
  const { servers, sendings } = webmailRuntime();
  const { identity } = request;
  const context = { identity, submission: servers.submission, sendings, log: logger('webmail') };
  return sendMessage({ ...composeContext(request), ...context }, draft, again);
});
