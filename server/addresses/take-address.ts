/** Addresses of accounts: taken when one is made or restored, freed when it is deleted. */
import type { Database } from '../database/prisma.ts';
import { refuseDuplicates } from '../database/unique-violation.ts';

export const ADDRESS_TAKEN = 'This address is taken: by a mailbox or by another address.';

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

const REQUIRED = ['postmaster', 'abuse'];

/**
 * Every domain answers at `postmaster` (RFC 5321 §4.5.1) and `abuse` (RFC 2142 §2): where such an alias leads to no living mailbox,
 * it leads to the domain's oldest from now on, beside those that may be restored.
 */
export async function pointRequiredAliases(db: Database, domainIds: readonly bigint[]): Promise<void> {
  await db.$executeRaw`
    INSERT INTO address_target (address_id, account_id)
    SELECT ad.id, oldest.id
    FROM address ad CROSS JOIN LATERAL (
      SELECT a.id FROM account a WHERE a.domain_id = ad.domain_id AND a.deleted_at IS NULL ORDER BY a.id LIMIT 1) oldest
    WHERE ad.domain_id = ANY (${domainIds}::bigint[]) AND ad.local_part = ANY (${REQUIRED}) AND ad.kind = 'alias'
      AND NOT EXISTS (
        SELECT 1 FROM address_target t JOIN account a ON a.id = t.account_id
        WHERE t.address_id = ad.id AND a.deleted_at IS NULL)
    ON CONFLICT DO NOTHING`;
}

/** Makes both aliases for the first mailbox of a domain, where the names are free. */
export async function createRequiredAliases(db: Database, domainId: bigint): Promise<void> {
  await db.$executeRaw`
    INSERT INTO address (domain_id, local_part, kind)
    SELECT ${domainId}, name, 'alias'::address_kind FROM unnest(${REQUIRED}::text[]) AS name ON CONFLICT DO NOTHING`;
  await pointRequiredAliases(db, [domainId]);
}
