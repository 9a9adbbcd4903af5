/** Challenges and responses of AUTH (RFC 4954 §4). */
import { ConnectionError } from '#engine/net/types.ts';
import { decodeSaslBase64 } from '#engine/wire/sasl/base64.ts';
import { closingReply, formatReply, refuse, reply, SmtpRefusal } from '../reply.ts';
import { lineTimeoutMs } from '../session-state.ts';
import type { SmtpSession } from '../types.ts';

export function decodeResponse(text: string): Buffer {
  const bytes = decodeSaslBase64(text);
  if (bytes === undefined) throw refuse(501, '5.5.2', 'That is not base64');
  return bytes;
}

/** Sends `challenge` (base64) and reads the client's answer; `*` gives up. */
export async function challengeClient(session: SmtpSession, challenge: string): Promise<Buffer> {
  const { connection, limits } = session;
  await connection.write(formatReply(reply(334, null, challenge)));
  const line = await connection.readLine(limits.commandBytes, lineTimeoutMs(session)).catch((error: unknown) => {
    if (!(error instanceof ConnectionError && error.code === 'line-too-long')) throw error;
    throw new SmtpRefusal(closingReply(500, '5.5.6', 'Authentication line too long'));
  });
  const text = line.toString('latin1');
  if (!text.endsWith('\r\n')) throw refuse(501, '5.5.2', 'Lines must end with CRLF');
  if (text === '*\r\n') throw refuse(501, '5.7.0', 'Authentication cancelled');
  return decodeResponse(text.slice(0, -2));
}
