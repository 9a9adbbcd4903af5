import { z } from 'zod';
import { freeAddresses, pointRequiredAliases } from '../addresses/take-address.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import { lockAccounts } from './require-account.ts';

/**
 * Takes mailboxes out of service and frees their addresses. `accounts.restore` brings them back with their mail, until the time the
 * setting `mail.restoreDays` gives; then upkeep removes them for good.
 */
export const deleteAccounts = defineOperation({
  name: 'accounts.delete',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ addresses: string[]; restorableUntil: string }> => {
    const { db, now } = context;
    const rows = await lockAccounts(context, ids);
    const { 'mail.restoreDays': days } = await readSettings(db);
    const purgeAfter = new Date(now().getTime() + days * 86_400_000);
    await db.account.updateMany({ where: { id: { in: ids } }, data: { deletedAt: now(), purgeAfter } });
    await freeAddresses(db, ids);
    await pointRequiredAliases(
      db,
      rows.map((row) => row.domainId),
    );
    return { addresses: rows.map((row) => row.address), restorableUntil: purgeAfter.toISOString() };
  },
  target: (_, { addresses }) => addresses.join(', '),
});
