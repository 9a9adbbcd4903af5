import type { SignInAttempt } from '#server/directory/types.ts';
import { type SaslContext, SaslError } from './types.ts';

export function attemptOf({ service, connection }: SaslContext, mechanism: string): SignInAttempt {
  return { service, mechanism, peer: connection.peer.address };
}

/** Acting for somebody else is not offered: an authorization identity must name who signs in. */
export function isOther(authorization: string, authentication: string): boolean {
  return authorization !== '' && authorization.toLowerCase() !== authentication.toLowerCase();
}

export function requireWellFormed<Parsed>(parsed: Parsed | undefined, mechanism: string): Parsed {
  if (parsed === undefined) throw new SaslError('malformed', `Malformed ${mechanism} response`);
  return parsed;
}

export const EMPTY = Buffer.alloc(0);
