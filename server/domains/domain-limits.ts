/**
 * How many domains and mailboxes there may be. Each check locks what it counts under (the reseller's row; the domain's is locked by
 * the caller), so that two at once cannot both take the last place.
 */
import { OperationError } from '../actor/errors.ts';
import type { Database } from '../database/prisma.ts';

async function lockReseller(db: Database, resellerId: bigint) {
  await db.$queryRaw`SELECT id FROM operator WHERE id = ${resellerId} FOR NO KEY UPDATE`;
  return db.operator.findUniqueOrThrow({
    where: { id: resellerId },
    select: { email: true, maxDomains: true, maxAccounts: true },
  });
}

function refuse(limit: number, what: string, holder: string): never {
  throw new OperationError('limit-reached', `${holder} may have ${limit} ${what}, and has them all.`);
}

/** Throws `limit-reached` unless the reseller may have `adding` more domains. */
export async function requireRoomForDomains(db: Database, resellerId: bigint | null, adding: number): Promise<void> {
  if (resellerId === null) return;
  const { email, maxDomains } = await lockReseller(db, resellerId);
  if (maxDomains === null) return;
  const domains = await db.domain.count({ where: { resellerId, deletedAt: null } });
  if (domains + adding > maxDomains) refuse(maxDomains, 'domains', `The reseller ${email}`);
}

export interface AccountHolder {
  id: bigint;
  name: string;
  maxAccounts: number | null;
  resellerId: bigint | null;
}

/** Throws `limit-reached` unless the domain (locked by the caller) and its reseller may have `adding` more mailboxes. */
export async function requireRoomForAccounts(db: Database, domain: AccountHolder, adding: number): Promise<void> {
  const { id, name, maxAccounts, resellerId } = domain;
  if (maxAccounts !== null) {
    const inDomain = await db.account.count({ where: { domainId: id, deletedAt: null } });
    if (inDomain + adding > maxAccounts) refuse(maxAccounts, 'mailboxes', `The domain ${name}`);
  }
  if (resellerId === null) return;
  const reseller = await lockReseller(db, resellerId);
  if (reseller.maxAccounts === null) return;
  const resold = await db.account.count({ where: { domain: { resellerId, deletedAt: null }, deletedAt: null } });
  if (resold + adding > reseller.maxAccounts)
    refuse(reseller.maxAccounts, 'mailboxes', `The reseller ${reseller.email}`);
}
