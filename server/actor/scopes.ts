/**
 * What each actor may see and touch, in one place. Every operation adds the scope to its WHERE, so that another tenant's object is
 * not found, exactly as a missing one is. Admins and the system see everything; a reseller what carries its id; a domain owner its
 * domains and what is in them; a mailbox owner its own account.
 */
import { Prisma } from '../database/prisma.ts';
import type { Actor } from './actor.ts';

/** Matches no row. */
const NOTHING = { OR: [] };

export function domainScope(actor: Actor): Prisma.DomainWhereInput {
  switch (actor.kind) {
    case 'system':
    case 'admin':
      return {};
    case 'reseller':
      return { resellerId: actor.operatorId };
    case 'domain-owner':
      return { ownerId: actor.operatorId };
    case 'mailbox-owner':
      return NOTHING;
  }
}

/** `domainScope` for hand-written SQL in which the table `domain` is called `d`. */
export function domainScopeSql(actor: Actor): Prisma.Sql {
  switch (actor.kind) {
    case 'system':
    case 'admin':
      return Prisma.sql`true`;
    case 'reseller':
      return Prisma.sql`d.reseller_id = ${actor.operatorId}`;
    case 'domain-owner':
      return Prisma.sql`d.owner_id = ${actor.operatorId}`;
    case 'mailbox-owner':
      return Prisma.sql`false`;
  }
}

export function accountScope(actor: Actor): Prisma.AccountWhereInput {
  return actor.kind === 'mailbox-owner' ? { id: actor.accountId } : { domain: domainScope(actor) };
}

/** Operators one may administer; a reseller's are its domain owners. Nobody finds itself here but admins. */
export function operatorScope(actor: Actor): Prisma.OperatorWhereInput {
  switch (actor.kind) {
    case 'system':
    case 'admin':
      return {};
    case 'reseller':
      return { role: 'domain_owner', resellerId: actor.operatorId };
    case 'domain-owner':
    case 'mailbox-owner':
      return NOTHING;
  }
}

/** Audit events one may read: admins all, everybody else what was done under their own name. */
export function auditScope(actor: Actor): Prisma.AuditEventWhereInput {
  if (actor.kind === 'system' || actor.kind === 'admin') return {};
  const actorId = actor.kind === 'mailbox-owner' ? actor.accountId : actor.operatorId;
  return { actorKind: actor.kind, actorId };
}

/** The actor's own web sessions; the system has none. */
export function ownSessions(actor: Actor): Prisma.WebSessionWhereInput {
  if (actor.kind === 'system') return NOTHING;
  return actor.kind === 'mailbox-owner' ? { accountId: actor.accountId } : { operatorId: actor.operatorId };
}
