import { ConnectionError } from '#engine/net/types.ts';
import { closingReply, SmtpRefusal } from '../reply.ts';
import type { SmtpSession } from '../types.ts';

/** A fault amid a message's bytes: the rest of them must never be read as commands, so the session ends. */
export function outOfStep(session: SmtpSession, error: unknown): unknown {
  if (error instanceof ConnectionError || error instanceof SmtpRefusal) return error;
  session.connection.log.error({ err: error }, 'message failed');
  return new SmtpRefusal(closingReply(451, '4.3.0', `Something went wrong here (${session.connection.id}), closing`));
}
