import { z } from 'zod';
import { notFound, OperationError } from '../actor/errors.ts';
import { accountScope } from '../actor/scopes.ts';
import { ADDRESS_TAKEN, takeAddress } from '../addresses/take-address.ts';
import { refuseDuplicates } from '../database/unique-violation.ts';
import { requireRoomForAccounts } from '../domains/domain-limits.ts';
import { lockDomains } from '../domains/require-domain.ts';
import { idsInput } from '../input/id.ts';
import { type Context, defineOperation } from '../operation.ts';
import { lockAccounts } from './require-account.ts';

type LockedAccount = Awaited<ReturnType<typeof lockAccounts>>[number];

/** Domains come before accounts in the order of locks, so they are found first and locked, then the accounts. */
async function lockTheirDomains(context: Context, ids: readonly bigint[]) {
  const where = { AND: [accountScope(context.actor), { id: { in: [...ids] } }] };
  const found = await context.db.account.findMany({ where, select: { domainId: true } });
  if (found.length !== ids.length) throw notFound('mailbox');
  const domainIds = [...new Set(found.map((account) => account.domainId))];
  const deleted = await context.db.domain.count({ where: { id: { in: domainIds }, deletedAt: { not: null } } });
  if (deleted > 0)
    throw new OperationError('conflict', 'The domain of this mailbox is deleted: restore the domain first.');
  const domains = await lockDomains(context, domainIds);
  return new Map(domains.map((domain) => [domain.id, domain]));
}

async function bringBack({ db }: Context, { id, domainId, localPart, address }: LockedAccount): Promise<void> {
  const taken = `${address} cannot be restored. ${ADDRESS_TAKEN}`;
  const data = { deletedAt: null, purgeAfter: null };
  await refuseDuplicates(db.account.update({ where: { id }, data }), 'localPart', taken);
  const existing = await db.address.count({ where: { domainId, localPart } });
  if (existing > 0) throw new OperationError('conflict', taken, { localPart: taken });
  await takeAddress(db, { domainId, localPart, accountId: id });
}

/** Undoes `accounts.delete`, mail included. `conflict` when an address was given to somebody else meanwhile; all or none come back. */
export const restoreAccounts = defineOperation({
  name: 'accounts.restore',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ addresses: string[] }> => {
    const domains = await lockTheirDomains(context, ids);
    const accounts = await lockAccounts(context, ids, { deleted: true });
    for (const [id, domain] of domains) {
      const coming = accounts.filter((account) => account.domainId === id).length;
      await requireRoomForAccounts(context.db, domain, coming);
    }
    for (const account of accounts) await bringBack(context, account);
    return { addresses: accounts.map((account) => account.address) };
  },
  target: (_, { addresses }) => addresses.join(', '),
});
