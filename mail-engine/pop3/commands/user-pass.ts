/** USER and PASS (RFC 1939 §7). USER never tells whether there is such a mailbox. */
import { Pop3SyntaxError } from '#engine/wire/pop3/command-line.ts';
import { ok, refuse } from '../reply.ts';
import { finishSignIn, requireMaySignIn } from '../sign-in.ts';
import { defineCommand } from '../types.ts';

function expectSomething(argument: string): string {
  if (argument === '') throw new Pop3SyntaxError('An argument is missing');
  return argument;
}

export const user = defineCommand({
  name: 'USER',
  states: ['authorization'],
  parse: expectSomething,
  run: async (session, name) => {
    requireMaySignIn(session);
    session.user = name.trim();
    return ok('Password, please');
  },
});

export const pass = defineCommand({
  name: 'PASS',
  states: ['authorization'],
  parse: expectSomething,
  run: async (session, password) => {
    requireMaySignIn(session);
    const { deps, connection, user: name } = session;
    if (name === null) throw refuse('USER first');
    const result = await deps.authenticator.checkPassword({
      login: name,
      password,
      service: 'pop3',
      mechanism: 'USER',
      peer: connection.peer.address,
    });
    return await finishSignIn(session, result);
  },
});
