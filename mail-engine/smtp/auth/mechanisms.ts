/** The SASL mechanisms of submission: each turns an exchange into the authenticator's verdict. */
import { INVALID_TOKEN_CHALLENGE, parseOauthBearer, parseXoauth2 } from '#engine/wire/sasl/bearer.ts';
import { parsePlain } from '#engine/wire/sasl/plain.ts';
import type { AuthenticationResult } from '#server/directory/types.ts';
import { refuse } from '../reply.ts';
import type { SmtpSession } from '../types.ts';
import { challengeClient } from './exchange.ts';

/** `initial`: the decoded initial response, where the client sent one. */
type Mechanism = (session: SmtpSession, initial: Buffer | undefined) => Promise<AuthenticationResult>;

const WRONG: AuthenticationResult = { ok: false, reason: 'wrong' };
const ATTEMPT = { service: 'submission', mechanism: 'PLAIN' } as const;
const USERNAME = Buffer.from('Username:').toString('base64');
const PASSWORD = Buffer.from('Password:').toString('base64');

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

async function checkPassword(session: SmtpSession, name: string, password: string): Promise<AuthenticationResult> {
  return await session.deps.authenticator.checkPassword({
    login: name,
    password,
    ...ATTEMPT,
    peer: session.connection.peer.address,
  });
}

const plain: Mechanism = async (session, initial) => {
  const credentials = parsePlain(initial ?? (await challengeClient(session, '')));
  if (credentials === undefined) throw refuse(501, '5.5.2', 'Malformed PLAIN response');
  const { authorization, authentication, password } = credentials;
  // Acting for somebody else is not offered.
  if (authorization !== '' && !sameName(authorization, authentication)) return WRONG;
  return await checkPassword(session, authentication, password);
};

/** Nowhere specified but everywhere in use; the initial response is the name. */
const login: Mechanism = async (session, initial) => {
  const name = initial ?? (await challengeClient(session, USERNAME));
  const password = await challengeClient(session, PASSWORD);
  if (name.length === 0 || password.length === 0) return WRONG;
  return await checkPassword(session, name.toString('utf8'), password.toString('utf8'));
};

function bearer(parse: typeof parseOauthBearer): Mechanism {
  return async (session, initial) => {
    const credentials = parse(initial ?? (await challengeClient(session, '')));
    if (credentials === undefined) throw refuse(501, '5.5.2', 'Malformed bearer response');
    const { authenticator } = session.deps;
    const checked = await authenticator.checkToken({
      token: credentials.token,
      ...ATTEMPT,
      peer: session.connection.peer.address,
    });
    const { authorization } = credentials;
    const other = checked.ok && authorization !== '' && !sameName(authorization, checked.account.address);
    const result = other ? WRONG : checked;
    // RFC 7628 §3.2.3: the client answers the error challenge, then the exchange fails.
    if (!result.ok) await challengeClient(session, INVALID_TOKEN_CHALLENGE);
    return result;
  };
}

export const MECHANISMS: ReadonlyMap<string, Mechanism> = new Map([
  ['PLAIN', plain],
  ['LOGIN', login],
  ['OAUTHBEARER', bearer(parseOauthBearer)],
  ['XOAUTH2', bearer(parseXoauth2)],
]);
