/** AUTH (RFC 5034); without argument it lists the mechanisms, as old clients ask. */
import { decodeResponse, decodeResponseLine, encodeChallenge } from '#engine/sasl/frame.ts';
import { findMechanism, offeredMechanisms } from '#engine/sasl/mechanisms.ts';
import { SaslError } from '#engine/sasl/types.ts';
import { Pop3SyntaxError } from '#engine/wire/pop3/command-line.ts';
import type { AuthenticationResult } from '#server/directory/types.ts';
import { readLine } from '../read-line.ts';
import { ok, refuse } from '../reply.ts';
import { finishSignIn, requireMaySignIn, saslContext } from '../sign-in.ts';
import { defineCommand, type Pop3Session } from '../types.ts';

interface Request {
  mechanism: string;
  initial: string | undefined;
}

async function ask(session: Pop3Session, challenge: Buffer): Promise<Buffer> {
  await session.connection.write(`+ ${encodeChallenge(challenge)}\r\n`);
  return decodeResponseLine(await readLine(session));
}

async function exchange(session: Pop3Session, { mechanism, initial }: Request): Promise<AuthenticationResult> {
  const context = saslContext(session);
  const found = findMechanism(mechanism, context);
  if (found === undefined) throw refuse('Mechanism not offered');
  try {
    return await found.authenticate({
      ...context,
      initial: initial === undefined ? null : decodeResponse(initial),
      ask: (challenge) => ask(session, challenge),
    });
  } catch (error) {
    if (error instanceof SaslError) throw refuse(error.message);
    throw error;
  }
}

export const auth = defineCommand({
  name: 'AUTH',
  states: ['authorization'],
  parse: (argument): Request => {
    const [mechanism = '', initial, ...more] = argument.trim().split(/ +/);
    if (more.length > 0) throw new Pop3SyntaxError('Syntax: AUTH mechanism [initial-response]');
    return { mechanism: mechanism.toUpperCase(), initial };
  },
  run: async (session, request) => {
    requireMaySignIn(session);
    if (request.mechanism === '') return ok('Mechanisms follow', offeredMechanisms(saslContext(session)));
    return await finishSignIn(session, await exchange(session, request));
  },
});
