/** Addresses of accounts: taken when one is made or restored, freed when it is deleted. */
import type { Database } from '../database/prisma.ts';
import { refuseDuplicates } from '../database/unique-violation.ts';

export const ADDRESS_TAKEN = 'This address is taken: by a mailbox or by an alias.';

export interface OwnAddress {
  domainId: bigint;
  localPart: string;
  accountId: bigint;
}

/** Throws `conflict` on `localPart` when the address leads somewhere already. */
export async function takeAddress(db: Database, { domainId, localPart, accountId }: OwnAddress): Promise<void> {
  const data = { domainId, localPart, kind: 'account' as const, targets: { create: { accountId } } };
  await refuseDuplicates(db.address.create({ data }), 'localPart', ADDRESS_TAKEN);
}

/** Frees the own addresses of these accounts. Aliases keep pointing at them, to work again after a restore. */
export async function freeAddresses(db: Database, accountIds: readonly bigint[]): Promise<void> {
  const where = { kind: 'account' as const, targets: { some: { accountId: { in: [...accountIds] } } } };
  await db.address.deleteMany({ where });
}

const REQUIRED = ['postmaster', 'abuse'] as const;

/**
 * Every domain answers at `postmaster` (RFC 5321 §4.5.1) and `abuse` (RFC 2142 §2): both become aliases of its first mailbox,
 * where they do not lead to a living one already.
 */
export async function ensureRequiredAliases(db: Database, domainId: bigint, accountId: bigint): Promise<void> {
  for (const localPart of REQUIRED) {
    await db.$executeRaw`
      INSERT INTO address (domain_id, local_part, kind) VALUES (${domainId}, ${localPart}, 'alias') ON CONFLICT DO NOTHING`;
    await db.$executeRaw`
      INSERT INTO address_target (address_id, account_id)
      SELECT ad.id, ${accountId}::bigint FROM address ad
      WHERE ad.domain_id = ${domainId} AND ad.local_part = ${localPart} AND ad.kind = 'alias' AND NOT EXISTS (
        SELECT 1 FROM address_target t JOIN account a ON a.id = t.account_id
        WHERE t.address_id = ad.id AND a.deleted_at IS NULL)
      ON CONFLICT DO NOTHING`;
  }
}
