import { z } from 'zod';
import { ownSessions } from '../actor/scopes.ts';
import { defineOperation } from '../operation.ts';

export interface SessionView {
  id: string;
  /** ISO 8601. */
  createdAt: string;
  /** To within a few minutes. */
  seenAt: string;
  expiresAt: string;
  ip: string | null;
  userAgent: string | null;
}

/** The actor's own browsers that are signed in, last used first. */
export const listSessions = defineOperation({
  name: 'sessions.list',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'read',
  input: z.object({}),
  run: async ({ db, actor, now }): Promise<SessionView[]> => {
    const where = { AND: [ownSessions(actor), { revokedAt: null, expiresAt: { gt: now() } }] };
    const rows = await db.webSession.findMany({ where, orderBy: { seenAt: 'desc' }, take: 200 });
    return rows.map((row) => ({
      id: row.id,
      createdAt: row.createdAt.toISOString(),
      seenAt: row.seenAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      ip: row.ip,
      userAgent: row.userAgent,
    }));
  },
});
