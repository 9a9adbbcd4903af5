import { z } from 'zod';
import { notFound } from '../actor/errors.ts';
import { ownSessions } from '../actor/scopes.ts';
import { defineOperation } from '../operation.ts';

/** Signs one of the actor's own browsers out. */
export const revokeSession = defineOperation({
  name: 'sessions.revoke',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'write',
  input: z.object({ id: z.uuid('This is not a session.') }),
  run: async ({ db, actor, now }, { id }): Promise<Record<string, never>> => {
    const where = { AND: [ownSessions(actor), { id, revokedAt: null }] };
    const { count } = await db.webSession.updateMany({ where, data: { revokedAt: now() } });
    if (count === 0) throw notFound('session');
    return {};
  },
});
