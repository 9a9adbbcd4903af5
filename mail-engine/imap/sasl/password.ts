/** SASL PLAIN (RFC 4616) and LOGIN (draft-murchison-sasl-login). */
import type { Completion } from '../command.ts';
import { ImapError } from '../errors.ts';
import type { ImapSession } from '../session.ts';
import { challenge } from './exchange.ts';
import { signInWithPassword } from './sign-in.ts';

/** `authzid NUL authcid NUL passwd`; acting for somebody else is not offered. */
export async function plain(session: ImapSession, initial: Buffer | null): Promise<Completion> {
  const response = initial ?? (await challenge(session, ''));
  const [authzid, authcid, password, ...rest] = response.toString('utf8').split('\0');
  if (authcid === undefined || password === undefined || rest.length > 0) {
    throw new ImapError('BAD', undefined, 'The response does not follow RFC 4616');
  }
  if (authzid && authzid.toLowerCase() !== authcid.toLowerCase()) {
    throw new ImapError('NO', 'AUTHORIZATIONFAILED', 'Signing in for another user is not possible');
  }
  return await signInWithPassword(session, authcid, password);
}

export async function login(session: ImapSession, initial: Buffer | null): Promise<Completion> {
  const address = initial ?? (await challenge(session, 'Username:'));
  const password = await challenge(session, 'Password:');
  return await signInWithPassword(session, address.toString('utf8'), password.toString('utf8'));
}
