import { z } from 'zod';
import { auditScope } from '../actor/scopes.ts';
import type { Prisma } from '../database/prisma.ts';
import { type ListResult, listInput, pageOf, textFilter } from '../input/list.ts';
import { defineOperation } from '../operation.ts';

export interface AuditView {
  id: string;
  /** ISO 8601. */
  at: string;
  actorKind: string;
  /** The actor's email or address at that time. */
  actor: string;
  /** An operation's name, e.g. `domains.create`. */
  operation: string;
  target: string | null;
  ip: string | null;
}

const input = listInput(['at', 'actor', 'operation'], {
  /** An operation's name or its area (`domains`). */
  operation: z.string().regex(/^[A-Za-z.]{1,100}$/, 'This is not an operation.'),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});

type Input = z.output<typeof input>;

const COLUMN = { at: 'at', actor: 'actorLabel', operation: 'operation' } as const;

function whereOf({ search, filters: { operation, from, to } }: Input): Prisma.AuditEventWhereInput {
  const found = textFilter.contains(search);
  return {
    ...(search !== '' && { OR: [{ actorLabel: found }, { target: found }, { operation: found }, { ip: found }] }),
    ...(operation && { operation: operation.includes('.') ? operation : { startsWith: `${operation}.` } }),
    at: { ...(from && { gte: from }), ...(to && { lt: to }) },
  };
}

/** Who did what, in the actor's scope: everything for an admin, their own for others. */
export const listAudit = defineOperation({
  name: 'audit.list',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'read',
  input,
  run: async ({ db, actor }, given): Promise<ListResult<AuditView>> => {
    const where = { AND: [auditScope(actor), whereOf(given)] };
    const orderBy = [{ [COLUMN[given.sort]]: given.direction }, { id: given.direction }];
    const [total, rows] = await Promise.all([
      db.auditEvent.count({ where }),
      db.auditEvent.findMany({ where, orderBy, ...pageOf(given) }),
    ]);
    const toView = (row: (typeof rows)[number]): AuditView => ({
      id: String(row.id),
      at: row.at.toISOString(),
      actorKind: row.actorKind,
      actor: row.actorLabel,
      operation: row.operation,
      target: row.target,
      ip: row.ip,
    });
    return { rows: rows.map(toView), total };
  },
});
