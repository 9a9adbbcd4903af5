/** Which mechanisms there are, in the order they are offered: what tells the server least comes first. */
import { oauthBearer, xoauth2 } from './bearer.ts';
import { cramMd5 } from './cram-md5.ts';
import { login } from './login.ts';
import { plain } from './plain.ts';
import { scramSha256, scramSha256Plus } from './scram.ts';
import type { Mechanism, SaslContext } from './types.ts';

const MECHANISMS: readonly Mechanism[] = [scramSha256Plus, scramSha256, cramMd5, plain, login, oauthBearer, xoauth2];

/** The names to announce; whether any may be used on this connection is for `maySignIn` to say. */
export function offeredMechanisms(context: SaslContext): string[] {
  return MECHANISMS.filter((mechanism) => mechanism.isOffered(context)).map(({ name }) => name);
}

/** By its upper-case name; what is not offered is not there. */
export function findMechanism(name: string, context: SaslContext): Mechanism | undefined {
  return MECHANISMS.find((mechanism) => mechanism.name === name && mechanism.isOffered(context));
}
