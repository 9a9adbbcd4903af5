/** Operation errors as HTTP answers; what was not foreseen becomes an id that is also in the log, never a stack. */
import { randomUUID } from 'node:crypto';
import { OperationError, type OperationErrorCode } from '#server/actor/errors.ts';
import { logger } from '#server/logger.ts';

const log = logger('webmail');

const STATUS: Readonly<Record<OperationErrorCode, number>> = {
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  invalid: 422,
  conflict: 409,
  'limit-reached': 413,
  'too-many-attempts': 429,
  unavailable: 503,
};

const PRIVATE = { 'Cache-Control': 'private, no-store' };

export function answer(data: unknown): Response {
  return Response.json(data ?? null, { headers: PRIVATE });
}

export function answerError(error: unknown, route: string): Response {
  if (error instanceof OperationError) {
    const { code, message, fields } = error;
    return Response.json({ error: { code, message, fields } }, { status: STATUS[code], headers: PRIVATE });
  }
  const errorId = randomUUID();
  log.error(
    {
      err: error instanceof Error ? error.message : 'unknown',
      stack: error instanceof Error ? error.stack : undefined,
      errorId,
      route,
    },
    'request failed',
  );
  const message = 'Something went wrong on our side.';
  return Response.json(
    { error: { code: 'internal', message, fields: {}, errorId } },
    { status: 500, headers: PRIVATE },
  );
}
