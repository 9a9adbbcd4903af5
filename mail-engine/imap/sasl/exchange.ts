/** SASL over IMAP (RFC 4422 §4, RFC 4959): challenges and responses in base64, one line each. */
import { ImapError } from '../errors.ts';
import { readLine } from '../read-command.ts';
import type { ImapSession } from '../session.ts';

/** Bytes of canonical base64; anything else is refused. */
export function decodeBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
    throw new ImapError('BAD', undefined, 'The response is not base64');
  }
  return Buffer.from(text, 'base64');
}

/** Sends a challenge and reads the response; `*` cancels. */
export async function challenge(session: ImapSession, text: string): Promise<Buffer> {
  await session.requestContinuation(Buffer.from(text).toString('base64'));
  const line = (await readLine(session)).toString('latin1');
  if (!line.endsWith('\r\n')) throw new ImapError('BAD', undefined, 'Lines end with CRLF');
  if (line === '*\r\n') throw new ImapError('BAD', undefined, 'Authentication cancelled');
  return decodeBase64(line.slice(0, -2));
}
