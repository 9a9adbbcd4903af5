import type { Actor } from '../actor/actor.ts';
import type { Database } from '../database/prisma.ts';

export interface AuditEntry {
  actor: Actor;
  at: Date;
  operation: string;
  /** What it was done to; never a secret. */
  target?: string | undefined;
  ip?: string | undefined;
}

function actorId(actor: Actor): bigint | null {
  if (actor.kind === 'system') return null;
  return actor.kind === 'mailbox-owner' ? actor.accountId : actor.operatorId;
}

export async function recordAudit(db: Database, { actor, at, operation, target, ip }: AuditEntry): Promise<void> {
  await db.auditEvent.create({
    data: {
      at,
      actorKind: actor.kind,
      actorId: actorId(actor),
      actorLabel: actor.label,
      operation,
      target: target ?? null,
      ip: ip ?? null,
    },
  });
}
