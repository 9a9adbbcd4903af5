/** The directory's statements: prepared once per connection, each answered from unique indexes. */
import type { Pool } from 'pg';
import type { DeliveryTarget } from './types.ts';

/** What can be kept in memory of one address: everything but how full the targets are, which moves with every message. */
export type Resolved =
  | { kind: 'not-hosted' }
  | { kind: 'unknown' }
  | { kind: 'suspended' }
  | { kind: 'accounts'; targets: readonly DeliveryTarget[] };

interface Row {
  domain_suspended: boolean;
  account_id: number | null;
  domain_id: number;
  address: string;
  quota_bytes: number;
  suspended: boolean;
}

/** One row for a hosted domain at least; an account per row where the address leads to any that is not deleted. */
const RESOLVE = `
SELECT d.suspended_at IS NOT NULL AS domain_suspended, a.id AS account_id, a.domain_id, a.address, a.quota_bytes,
  a.suspended_at IS NOT NULL OR own.suspended_at IS NOT NULL AS suspended
FROM domain d
LEFT JOIN address ad ON ad.domain_id = d.id AND ad.local_part = $2
LEFT JOIN (address_target t
  JOIN account a ON a.id = t.account_id AND a.deleted_at IS NULL
  JOIN domain own ON own.id = a.domain_id AND own.deleted_at IS NULL) ON t.address_id = ad.id
WHERE d.name = $1 AND d.deleted_at IS NULL
ORDER BY a.id`;

export async function resolveAddress(pool: Pool, domain: string, localPart: string): Promise<Resolved> {
  const query = { name: 'directory-resolve', text: RESOLVE, values: [domain, localPart] };
  const { rows } = await pool.query<Row>(query);
  const [first] = rows;
  if (!first) return { kind: 'not-hosted' };
  const found = rows.filter((row): row is Row & { account_id: number } => row.account_id !== null);
  if (found.length === 0) return { kind: 'unknown' };
  const active = first.domain_suspended ? [] : found.filter((row) => !row.suspended);
  if (active.length === 0) return { kind: 'suspended' };
  const targets = active.map((row) => ({
    accountId: row.account_id,
    domainId: row.domain_id,
    address: row.address,
    quotaBytes: row.quota_bytes,
  }));
  return { kind: 'accounts', targets };
}

const IS_HOSTED = 'SELECT 1 FROM domain WHERE name = $1 AND deleted_at IS NULL';

export async function isDomainHosted(pool: Pool, domain: string): Promise<boolean> {
  const { rows } = await pool.query({ name: 'directory-is-hosted', text: IS_HOSTED, values: [domain] });
  return rows.length > 0;
}

const USAGE = 'SELECT account_id, size_bytes FROM account_usage WHERE account_id = ANY ($1::bigint[])';

/** Bytes held now, by account. */
export async function readUsage(pool: Pool, accountIds: readonly number[]): Promise<Map<number, number>> {
  const query = { name: 'directory-usage', text: USAGE, values: [accountIds] };
  const { rows } = await pool.query<{ account_id: number; size_bytes: number }>(query);
  return new Map(rows.map((row) => [row.account_id, row.size_bytes]));
}
