import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import { lockDomains } from './require-domain.ts';

/**
 * Takes domains and their mailboxes out of service. `domains.restore` brings back exactly what this took, until the time the setting
 * `mail.restoreDays` gives; then upkeep removes it for good.
 */
export const deleteDomains = defineOperation({
  name: 'domains.delete',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ names: string[]; restorableUntil: string }> => {
    const { db, now } = context;
    const rows = await lockDomains(context, ids);
    const { 'mail.restoreDays': days } = await readSettings(db);
    const purgeAfter = new Date(now().getTime() + days * 86_400_000);
    const deleted = { deletedAt: now(), purgeAfter };
    await db.domain.updateMany({ where: { id: { in: ids } }, data: deleted });
    const where = { domainId: { in: ids }, deletedAt: null };
    await db.account.updateMany({ where, data: { ...deleted, deletedWithDomain: true } });
    return { names: rows.map((row) => row.name), restorableUntil: purgeAfter.toISOString() };
  },
  target: (_, { names }) => names.join(', '),
});
