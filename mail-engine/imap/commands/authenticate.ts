import { decodeResponse, decodeResponseLine, encodeChallenge } from '#engine/sasl/frame.ts';
import { findMechanism } from '#engine/sasl/mechanisms.ts';
import { SaslError } from '#engine/sasl/types.ts';
import type { Cursor } from '#engine/wire/imap/cursor.ts';
import type { AuthenticationResult } from '#server/directory/types.ts';
import { defineCommand, NOT_AUTHENTICATED } from '../command.ts';
import { ImapError } from '../errors.ts';
import { readLine } from '../read-command.ts';
import type { ImapSession } from '../session.ts';
import { acceptSignIn } from '../sign-in.ts';

interface Request {
  mechanism: string;
  initial: string | null;
}

/** `SP mechanism [SP initial-response]` (RFC 4959). */
function authenticateArguments(cursor: Cursor): Request {
  cursor.SP();
  const mechanism = cursor.atom().toUpperCase();
  return { mechanism, initial: cursor.takeSP() ? cursor.base64() : null };
}

async function ask(session: ImapSession, challenge: Buffer): Promise<Buffer> {
  await session.requestContinuation(encodeChallenge(challenge));
  return decodeResponseLine(await readLine(session));
}

async function exchange(session: ImapSession, { mechanism, initial }: Request): Promise<AuthenticationResult> {
  const found = findMechanism(mechanism, session.sasl);
  if (!found) throw new ImapError('NO', undefined, 'This mechanism is not offered');
  try {
    return await found.authenticate({
      ...session.sasl,
      initial: initial === null ? null : decodeResponse(initial),
      ask: (challenge) => ask(session, challenge),
    });
  } catch (error) {
    if (error instanceof SaslError) throw new ImapError('BAD', undefined, error.message);
    throw error;
  }
}

/** RFC 3501 §6.2.2 */
export const authenticateCommand = defineCommand({
  name: 'AUTHENTICATE',
  states: NOT_AUTHENTICATED,
  needsTls: true,
  parse: authenticateArguments,
  run: async (session, request) => acceptSignIn(session, await exchange(session, request)),
});
