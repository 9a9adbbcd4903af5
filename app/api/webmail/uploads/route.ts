import { z } from 'zod';
import { OperationError } from '#server/actor/errors.ts';
import { requireOwnAccount } from '#server/webmail/preferences/require-own-account.ts';
import { streamRoute, writeRoute } from '../routes.ts';
import { webmailRuntime } from '../runtime.ts';

/** The body is the file. */
export const POST = streamRoute(z.object({}), async ({ sessionId, context }, _input, request) => {
  if (!request.body) throw new OperationError('invalid', 'The file is empty.');
  return webmailRuntime().uploads.add({ sessionId, accountId: requireOwnAccount(context.actor) }, request.body);
});

export const DELETE = writeRoute(z.object({ uploadId: z.uuid() }), ({ sessionId }, { uploadId }) =>
  webmailRuntime().uploads.remove(sessionId, uploadId),
);
