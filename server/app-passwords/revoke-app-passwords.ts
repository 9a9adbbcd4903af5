import { z } from 'zod';
import { notFound } from '../actor/errors.ts';
import { accountScope } from '../actor/scopes.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';

/** Ends app passwords for good: what is signed in with them is signed out. One that was revoked before is not found. */
export const revokeAppPasswords = defineOperation({
  name: 'appPasswords.revoke',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async ({ db, actor, now }, { ids }): Promise<{ labels: string[] }> => {
    const where = {
      id: { in: [...ids] },
      revokedAt: null,
      account: { AND: [accountScope(actor), { deletedAt: null, domain: { deletedAt: null } }] },
    };
    const found = await db.appPassword.findMany({
      where,
      select: { label: true, account: { select: { address: true } } },
    });
    if (found.length !== ids.length) throw notFound('app password');
    const { count } = await db.appPassword.updateMany({ where, data: { revokedAt: now(), revokedBy: actor.label } });
    if (count !== ids.length) throw notFound('app password');
    return { labels: found.map(({ label, account }) => `${account.address}: ${label}`) };
  },
  target: (_, { labels }) => labels.join(', '),
});
