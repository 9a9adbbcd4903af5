import { defineCommand, NOT_AUTHENTICATED } from '../command.ts';
import { signInWithPassword } from '../sasl/sign-in.ts';

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
  run: (session, { address, password }) => signInWithPassword(session, address, password),
});
