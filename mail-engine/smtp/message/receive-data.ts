/** Reads what follows 354 up to the final dot, spoilt or not, and nothing beyond it. */
import { DataDecoder } from '#engine/wire/smtp/data-decoder.ts';
import type { Reply } from '../reply.ts';
import type { SmtpSession } from '../types.ts';
import type { IncomingMessage } from './incoming-message.ts';

const READ_BYTES = 64 * 1024;

function join(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}

export async function receiveData(session: SmtpSession, message: IncomingMessage): Promise<Reply> {
  const { connection, limits } = session;
  const decoder = new DataDecoder(limits.dataLineBytes);
  for (;;) {
    const chunk = await connection.readSome(READ_BYTES, limits.dataTimeoutMs);
    const pieces: Buffer[] = [];
    const end = decoder.decode(chunk, (piece) => pieces.push(piece));
    if (decoder.problem !== null) message.spoil(decoder.problem);
    // One write a chunk, however many lines began with a period. A spoilt chunk only counts.
    const busy = message.write(decoder.problem === null ? join(pieces) : chunk);
    if (busy !== undefined) await busy;
    if (end !== undefined) {
      if (end < chunk.length) connection.unread(chunk.subarray(end));
      const answer = await message.accept();
      // Whoever sent it may have seen another end: what follows this one is never run (SMTP smuggling).
      return decoder.isInDoubt ? { ...answer, closes: true } : answer;
    }
    const { farewell } = message;
    if (farewell !== null) return farewell;
    message.requireInTime();
  }
}
