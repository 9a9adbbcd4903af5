import { z } from 'zod';
import { ownSessions } from '../actor/scopes.ts';
import { defineOperation } from '../operation.ts';

/** Signs all of the actor's own browsers out but the one that asks. */
export const revokeOtherSessions = defineOperation({
  name: 'sessions.revokeOthers',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'write',
  input: z.object({ keepSessionId: z.uuid('This is not a session.') }),
  run: async ({ db, actor, now }, { keepSessionId }): Promise<{ revoked: number }> => {
    const where = { AND: [ownSessions(actor), { id: { not: keepSessionId }, revokedAt: null }] };
    const { count } = await db.webSession.updateMany({ where, data: { revokedAt: now() } });
    return { revoked: count };
  },
});
