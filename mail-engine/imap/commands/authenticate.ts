import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { type Completion, defineCommand, NOT_AUTHENTICATED } from '../command.ts';
import { ImapError } from '../errors.ts';
import { oauthBearer, xoauth2 } from '../sasl/bearer.ts';
import { decodeBase64 } from '../sasl/exchange.ts';
import { login, plain } from '../sasl/password.ts';
import type { ImapSession } from '../session.ts';

type Mechanism = (session: ImapSession, initial: Buffer | null) => Promise<Completion>;

const MECHANISMS: ReadonlyMap<string, Mechanism> = new Map([
  ['PLAIN', plain],
  ['LOGIN', login],
  ['OAUTHBEARER', oauthBearer],
  ['XOAUTH2', xoauth2],
]);

/** `SP mechanism [SP initial-response]`; `=` is an empty one (RFC 4959). */
function authenticateArguments(cursor: Cursor): { mechanism: string; initial: string | null } {
  cursor.SP();
  const mechanism = cursor.atom().toUpperCase();
  return { mechanism, initial: cursor.takeSP() ? cursor.base64() : null };
}

/** RFC 3501 §6.2.2 */
export const authenticateCommand = defineCommand({
  name: 'AUTHENTICATE',
  states: NOT_AUTHENTICATED,
  needsTls: true,
  parse: authenticateArguments,
  run: async (session, { mechanism, initial }) => {
    const authenticate = MECHANISMS.get(mechanism);
    if (!authenticate) throw new ImapError('NO', undefined, 'This mechanism is not offered');
    return await authenticate(session, initial === null ? null : decodeBase64(initial === '=' ? '' : initial));
  },
});
