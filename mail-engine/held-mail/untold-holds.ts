import type { Pool } from 'pg';
import { readExcess } from '#server/held-mail/held-mail-view.ts';
import { describeExcess } from '#server/send-limits/measures.ts';

/** An account, or a domain by what it forwards, that was put on hold, and who is to be told. */
export interface UntoldHold {
  /** Null where the domain's forwards are held. */
  account: { accountId: number; address: string } | null;
  domainId: number;
  domain: string;
  ref: string;
  reason: string;
  /** Emails of the domain's owner; else of its reseller; else of all admins. */
  hosts: readonly string[];
}

interface Row {
  accountId: number | null;
  address: string | null;
  domainId: number;
  domain: string;
  ref: string;
  scope: string;
  measure: string;
  limit: number;
  hosts: string[] | null;
}

const UNTOLD = `SELECT h.account_id AS "accountId", a.address, d.id AS "domainId", d.name AS domain, h.ref, h.scope, h.measure,
    h.limit_value AS "limit",
    (SELECT array_agg(p.email ORDER BY p.id) FROM operator p
      WHERE p.deleted_at IS NULL AND p.suspended_at IS NULL AND CASE
        WHEN d.owner_id IS NOT NULL THEN p.id = d.owner_id
        WHEN d.reseller_id IS NOT NULL THEN p.id = d.reseller_id
        ELSE p.role = 'admin' END) AS hosts
  FROM send_hold h LEFT JOIN account a ON a.id = h.account_id
    JOIN domain d ON d.id = coalesce(a.domain_id, h.forwarding_domain_id)
  WHERE h.told_at IS NULL AND CASE WHEN a.id IS NULL THEN d.deleted_at IS NULL ELSE a.deleted_at IS NULL END
  ORDER BY h.held_at LIMIT $1`;

export async function findUntold(pool: Pool, limit: number): Promise<UntoldHold[]> {
  const { rows } = await pool.query<Row>(UNTOLD, [limit]);
  return rows.map(({ scope, measure, limit: value, hosts, accountId, address, ...row }) => ({
    ...row,
    account: accountId === null ? null : { accountId, address: address ?? '' },
    reason: describeExcess(readExcess({ scope, measure, limit: value })),
    hosts: hosts ?? [],
  }));
}

/** A hold that took the place of this one meanwhile has a ref of its own. */
export async function markTold(pool: Pool, { ref }: UntoldHold, now: Date): Promise<void> {
  await pool.query('UPDATE send_hold SET told_at = $2 WHERE ref = $1', [ref, now]);
}
