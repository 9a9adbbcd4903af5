import { defineCommand, NOT_AUTHENTICATED } from '../command.ts';
import { acceptSignIn } from '../sign-in.ts';

/** RFC 3501 §6.2.3 */
export const loginCommand = defineCommand({
  name: 'LOGIN',
  states: NOT_AUTHENTICATED,
  needsTls: true,
  parse: (cursor) => {
    cursor.SP();
    const address = cursor.astring();
    cursor.SP();
    return { address, password: cursor.astring() };
  },
  run: async (session, { address, password }) => {
    const { connection, deps } = session;
    const attempt = { service: 'imap', mechanism: 'LOGIN', peer: connection.peer.address } as const;
    return acceptSignIn(session, await deps.authenticator.checkPassword({ login: address, password, ...attempt }));
  },
});
