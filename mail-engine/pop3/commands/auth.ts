/** AUTH (RFC 5034) with PLAIN, OAUTHBEARER and XOAUTH2; without argument it lists the mechanisms, as old clients ask. */

import { Pop3SyntaxError } from '#engine/wire/pop3/command-line.ts';
import { decodeSaslBase64 } from '#engine/wire/sasl/base64.ts';
import { INVALID_TOKEN_CHALLENGE, parseOauthBearer, parseXoauth2 } from '#engine/wire/sasl/bearer.ts';
import { parsePlain } from '#engine/wire/sasl/plain.ts';
import type { AuthenticationResult } from '#server/directory/types.ts';
import { readLine } from '../read-line.ts';
import { ok, refuse } from '../reply.ts';
import { finishSignIn, requireMaySignIn, WRONG } from '../sign-in.ts';
import { defineCommand, type Pop3Session } from '../types.ts';

type Mechanism = (session: Pop3Session, response: Buffer) => Promise<AuthenticationResult>;

function decodeResponse(text: string): Buffer {
  const bytes = decodeSaslBase64(text);
  if (bytes === undefined) throw refuse('That is not base64');
  return bytes;
}

async function challengeClient(session: Pop3Session, challenge: string): Promise<Buffer> {
  await session.connection.write(`+ ${challenge}\r\n`);
  const line = (await readLine(session)).toString('latin1');
  if (!line.endsWith('\r\n')) throw refuse('Lines must end with CRLF');
  if (line === '*\r\n') throw refuse('Authentication cancelled');
  return decodeResponse(line.slice(0, -2));
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

const plain: Mechanism = async ({ deps, connection }, response) => {
  const credentials = parsePlain(response);
  if (credentials === undefined) throw refuse('Malformed PLAIN response');
  const { authorization, authentication, password } = credentials;
  // Acting for somebody else is not offered.
  if (authorization !== '' && !sameName(authorization, authentication)) return WRONG;
  return await deps.authenticator.checkPassword({
    login: authentication,
    password,
    service: 'pop3',
    mechanism: 'PLAIN',
    peer: connection.peer.address,
  });
};

function bearer(parse: typeof parseOauthBearer): Mechanism {
  return async (session, response) => {
    const credentials = parse(response);
    if (credentials === undefined) throw refuse('Malformed bearer response');
    const { deps, connection } = session;
    const checked = await deps.authenticator.checkToken({
      token: credentials.token,
      service: 'pop3',
      mechanism: 'OAUTHBEARER',
      peer: connection.peer.address,
    });
    const { authorization } = credentials;
    const other = checked.ok && authorization !== '' && !sameName(authorization, checked.account.address);
    const result = other ? WRONG : checked;
    // RFC 7628 §3.2.3: the client answers the error challenge, then the exchange fails.
    if (!result.ok) await challengeClient(session, INVALID_TOKEN_CHALLENGE);
    return result;
  };
}

const MECHANISMS: ReadonlyMap<string, Mechanism> = new Map([
  ['PLAIN', plain],
  ['OAUTHBEARER', bearer(parseOauthBearer)],
  ['XOAUTH2', bearer(parseXoauth2)],
]);

export const auth = defineCommand({
  name: 'AUTH',
  states: ['authorization'],
  parse: (argument) => {
    const [mechanism = '', initial, ...more] = argument.trim().split(/ +/);
    if (more.length > 0) throw new Pop3SyntaxError('Syntax: AUTH mechanism [initial-response]');
    return { mechanism: mechanism.toUpperCase(), initial };
  },
  run: async (session, { mechanism, initial }) => {
    requireMaySignIn(session);
    if (mechanism === '') return ok('Mechanisms follow', [...MECHANISMS.keys()]);
    const exchange = MECHANISMS.get(mechanism);
    if (exchange === undefined) throw refuse('Mechanism not offered');
    const response = initial === undefined ? await challengeClient(session, '') : decodeResponse(initial);
    return await finishSignIn(session, await exchange(session, response));
  },
});
