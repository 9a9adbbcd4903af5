import type { Pool } from 'pg';
import { readExcess } from '#server/held-mail/held-mail-view.ts';
import { describeExcess } from '#server/send-limits/measures.ts';

/** An account that was put on hold, and who is to be told. */
export interface HeldAccount {
  accountId: number;
  domainId: number;
  address: string;
  ref: string;
  reason: string;
  /** Emails of the domain's owner; else of its reseller; else of all admins. */
  hosts: readonly string[];
}

interface Row {
  accountId: number;
  domainId: number;
  address: string;
  ref: string;
  scope: string;
  measure: string;
  limit: number;
  hosts: string[] | null;
}

const UNTOLD = `SELECT h.account_id AS "accountId", a.domain_id AS "domainId", a.address, h.ref, h.scope, h.measure,
    h.limit_value AS "limit",
    (SELECT array_agg(p.email ORDER BY p.id) FROM operator p
      WHERE p.deleted_at IS NULL AND p.suspended_at IS NULL AND CASE
        WHEN d.owner_id IS NOT NULL THEN p.id = d.owner_id
        WHEN d.reseller_id IS NOT NULL THEN p.id = d.reseller_id
        ELSE p.role = 'admin' END) AS hosts
  FROM send_hold h JOIN account a ON a.id = h.account_id JOIN domain d ON d.id = a.domain_id
  WHERE h.told_at IS NULL AND a.deleted_at IS NULL ORDER BY h.held_at LIMIT $1`;

export async function findUntold(pool: Pool, limit: number): Promise<HeldAccount[]> {
  const { rows } = await pool.query<Row>(UNTOLD, [limit]);
  return rows.map(({ scope, measure, limit: value, hosts, ...row }) => ({
    ...row,
    reason: describeExcess(readExcess({ scope, measure, limit: value })),
    hosts: hosts ?? [],
  }));
}

export async function markTold(pool: Pool, { accountId, ref }: HeldAccount, now: Date): Promise<void> {
  await pool.query('UPDATE send_hold SET told_at = $3 WHERE account_id = $1 AND ref = $2', [accountId, ref, now]);
}
