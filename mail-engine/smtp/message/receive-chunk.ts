import { ConnectionError } from '#engine/net/types.ts';
import { closingReply, type Reply } from '../reply.ts';
import { lineTimeoutMs } from '../session-state.ts';
import type { SmtpSession } from '../types.ts';
import type { IncomingMessage } from './incoming-message.ts';

const READ_BYTES = 64 * 1024;

/**
 * Reads the `size` octets of one BDAT into `message`, or drops them where there is none. Resolves to a closing reply where so
 * much would be dropped that it is not worth it, else to null.
 */
export async function receiveChunk(
  session: SmtpSession,
  message: IncomingMessage | null,
  size: number,
): Promise<Reply | null> {
  const { connection, limits, deps } = session;
  const deadline = deps.now().getTime() + limits.messageTimeoutMs;
  if (message === null && size > limits.drainBytes) {
    return closingReply(503, '5.5.1', 'Bad sequence of commands, closing the connection');
  }
  for (let missing = size; missing > 0; ) {
    // What belongs to no message has only the time in which one should have begun.
    const timeoutMs = message === null ? lineTimeoutMs(session) : limits.dataTimeoutMs;
    const bytes = await connection.readSome(Math.min(missing, READ_BYTES), timeoutMs);
    missing -= bytes.length;
    await message?.writeChecked(bytes);
    message?.requireInTime();
    const farewell = message?.farewell ?? null;
    if (farewell !== null) return farewell;
    if (deps.now().getTime() > deadline) throw new ConnectionError('timeout', 'the message took too long');
  }
  return null;
}
