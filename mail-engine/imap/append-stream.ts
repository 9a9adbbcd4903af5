/** APPEND's message on its way from the client into the store, a chunk at a time. */
import type { AppendWriter } from '#engine/store/types.ts';
import { ImapError } from './errors.ts';
import { drainLiteral, readLine } from './read-command.ts';
import type { ImapSession } from './session.ts';

const CHUNK = 64 * 1024;

/** Takes `sizeBytes` from the client. Once the writer has refused, the rest is dropped, so that one answer can be given. */
export async function pumpLiteral(session: ImapSession, writer: AppendWriter, sizeBytes: number): Promise<void> {
  let left = sizeBytes;
  while (left > 0) {
    const chunk = await session.connection.readSome(Math.min(left, CHUNK), session.timeoutMs);
    left -= chunk.length;
    try {
      await writer.write(chunk);
    } catch (error) {
      await drainLiteral(session, left);
      await readLine(session);
      throw error;
    }
  }
}

/** What must follow the message: the command's end, after `)` where the message stood in `UTF8 (…)`. */
export async function expectCommandEnd(session: ImapSession, utf8Data: boolean): Promise<void> {
  const line = (await readLine(session)).toString('latin1');
  if (line !== (utf8Data ? ')\r\n' : '\r\n')) {
    throw new ImapError('BAD', undefined, 'Only one message can be appended at a time');
  }
}
