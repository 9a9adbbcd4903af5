import type { Actor } from '../actor/actor.ts';
import { domainScope } from '../actor/scopes.ts';
import type { Prisma } from '../database/prisma.ts';

/** Certificates of domains in the actor's scope; the host's are for who administers it. */
export function certificateScope(actor: Actor): Prisma.CertificateWhereInput {
  if (actor.kind === 'system' || actor.kind === 'admin') return {};
  return { domain: { AND: [domainScope(actor), { deletedAt: null }] } };
}
