/** Bearer tokens: OAUTHBEARER (RFC 7628) and its forerunner XOAUTH2. */
import type { AuthenticationResult } from '#server/directory/types.ts';
import type { Completion } from '../command.ts';
import { ImapError } from '../errors.ts';
import type { ImapSession } from '../session.ts';
import { challenge } from './exchange.ts';
import { acceptSignIn } from './sign-in.ts';

interface BearerResponse {
  /** Address the client names, empty where it names none. */
  user: string;
  token: string;
}

const SEPARATOR = '\x01';

function tokenOf(fields: readonly string[]): string {
  const auth = fields.find((field) => field.startsWith('auth='));
  const token = auth && /^auth=Bearer +(\S+)$/i.exec(auth)?.[1];
  if (!token) throw new ImapError('BAD', undefined, 'The response holds no bearer token');
  return token;
}

/** `n,a=user,^Ahost=…^Aauth=Bearer …^A^A`; channel binding is not offered. */
function parseOauthBearer(text: string): BearerResponse {
  const [gs2 = '', ...fields] = text.split(SEPARATOR);
  const match = /^[ny],(?:a=([^,]*))?,$/.exec(gs2);
  if (!match) throw new ImapError('BAD', undefined, 'The response does not follow RFC 7628');
  return { user: (match[1] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '='), token: tokenOf(fields) };
}

function parseXoauth2(text: string): BearerResponse {
  const fields = text.split(SEPARATOR);
  const user = fields.find((field) => field.startsWith('user='));
  return { user: user?.slice(5) ?? '', token: tokenOf(fields) };
}

async function checkBearer(session: ImapSession, { user, token }: BearerResponse): Promise<AuthenticationResult> {
  const result = await session.deps.authenticator.checkToken({
    token,
    service: 'imap',
    mechanism: 'OAUTHBEARER',
    peer: session.connection.peer.address,
  });
  const isOther = result.ok && user !== '' && user.toLowerCase() !== result.account.address.toLowerCase();
  return isOther ? { ok: false, reason: 'wrong' } : result;
}

async function bearer(session: ImapSession, response: BearerResponse): Promise<Completion> {
  const result = await checkBearer(session, response);
  // RFC 7628 §3.2.3: the failure is a challenge first, which the client acknowledges.
  if (!result.ok) await challenge(session, JSON.stringify({ status: 'invalid_token', schemes: 'bearer' }));
  return acceptSignIn(session, result);
}

export async function oauthBearer(session: ImapSession, initial: Buffer | null): Promise<Completion> {
  return await bearer(session, parseOauthBearer((initial ?? (await challenge(session, ''))).toString('utf8')));
}

export async function xoauth2(session: ImapSession, initial: Buffer | null): Promise<Completion> {
  return await bearer(session, parseXoauth2((initial ?? (await challenge(session, ''))).toString('utf8')));
}
