import { z } from 'zod';
import { refuseDuplicates } from '../database/unique-violation.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { NAME_TAKEN } from './create-domain.ts';
import { requireRoomForAccounts, requireRoomForDomains } from './domain-limits.ts';
import { lockDomains } from './require-domain.ts';

const ALIVE = { deletedAt: null, purgeAfter: null };

/** Undoes `domains.delete`, within the limits that hold now. Mailboxes deleted before their domain stay deleted. */
export const restoreDomains = defineOperation({
  name: 'domains.restore',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ names: string[] }> => {
    const { db } = context;
    const rows = await lockDomains(context, ids, { deleted: true });
    for (const domain of rows) {
      await requireRoomForDomains(db, domain.resellerId, 1);
      const taken = { domainId: domain.id, deletedWithDomain: true };
      await requireRoomForAccounts(db, domain, await db.account.count({ where: taken }));
      await refuseDuplicates(db.domain.update({ where: { id: domain.id }, data: ALIVE }), 'name', NAME_TAKEN);
      await db.account.updateMany({ where: taken, data: { ...ALIVE, deletedWithDomain: false } });
    }
    return { names: rows.map((row) => row.name) };
  },
  target: (_, { names }) => names.join(', '),
});
