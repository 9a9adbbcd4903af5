/** To whom a domain belongs: an owner, a reseller, both or neither. An owner who is a reseller's client brings that reseller. */
import type { Actor } from '../actor/actor.ts';
import { OperationError } from '../actor/errors.ts';
import { operatorScope } from '../actor/scopes.ts';
import type { Database } from '../database/prisma.ts';

export interface DomainPeople {
  ownerId: bigint | null;
  resellerId: bigint | null;
}

function refuse(field: string, message: string): never {
  throw new OperationError('invalid', message, { [field]: message });
}

async function requireOwner(db: Database, actor: Actor, ownerId: bigint): Promise<{ resellerId: bigint | null }> {
  const where = { AND: [operatorScope(actor), { id: ownerId, role: 'domain_owner' as const, deletedAt: null }] };
  const owner = await db.operator.findFirst({ where, select: { resellerId: true } });
  return owner ?? refuse('ownerId', 'There is no such domain owner.');
}

async function requireReseller(db: Database, resellerId: bigint): Promise<bigint> {
  const found = await db.operator.count({ where: { id: resellerId, role: 'reseller', deletedAt: null } });
  return found === 1 ? resellerId : refuse('resellerId', 'There is no such reseller.');
}

/** Checks and completes what was asked for. Resellers' domains stay theirs; throws `invalid` on the field that does not fit. */
export async function resolvePeople(db: Database, actor: Actor, asked: DomainPeople): Promise<DomainPeople> {
  const owner = asked.ownerId === null ? null : await requireOwner(db, actor, asked.ownerId);
  if (actor.kind === 'reseller') {
    if (asked.resellerId !== null && asked.resellerId !== actor.operatorId) refuse('resellerId', 'Add your own only.');
    return { ownerId: asked.ownerId, resellerId: actor.operatorId };
  }
  const reseller = asked.resellerId === null ? null : await requireReseller(db, asked.resellerId);
  if (owner && reseller !== null && owner.resellerId !== reseller) {
    refuse('ownerId', 'This owner is not one of that reseller.');
  }
  return { ownerId: asked.ownerId, resellerId: reseller ?? owner?.resellerId ?? null };
}
