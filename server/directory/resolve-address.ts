/** The directory's statements: prepared once per connection, each answered from unique indexes. */
import type { Pool } from 'pg';
import { samePeopleSql } from '../domains/same-people.ts';
import type { DeliveryTarget } from './types.ts';

/** What can be kept in memory of one address: all but how full the targets are, which moves with every message. */
export type Resolved = { kind: 'not-hosted' } | { kind: 'unknown' } | { kind: 'suspended' } | ResolvedAddress;

export interface ResolvedAddress {
  kind: 'found';
  /** By which of its names; `catch-all` where it has none; `postmaster` where the host's stands in (never of a look-up). */
  by: 'name' | 'extension' | 'catch-all' | 'postmaster';
  targets: readonly DeliveryTarget[];
  /** Targets left out because they are suspended. */
  someSuspended: boolean;
  /** Where a forward leads, normalised; here or elsewhere. */
  forwards: readonly string[];
  /** The address's own id where it answers. */
  responderId: number | null;
}

interface Row {
  domain_suspended: boolean;
  local_part: string | null;
  forwards: string[] | null;
  responder_id: number | null;
  account_id: number | null;
  domain_id: number;
  address: string;
  quota_bytes: number;
  receive_per_hour: number | null;
  receive_per_day: number | null;
  suspended: boolean;
}

/**
 * One row for a hosted domain at least; an account per row where the address leads to any that is not deleted. Of the names the
 * longest decides: all of them begin alike, so that is the address itself, or what it extends. Without one the catch-all does.
 * Mailboxes of another domain count as long as both domains have the same people: one that is sold goes on feeding nobody.
 */
const RESOLVE = `
SELECT d.suspended_at IS NOT NULL AS domain_suspended, hit.local_part, r.address_id AS responder_id,
  (SELECT array_agg(f.destination ORDER BY f.destination) FROM forward_destination f WHERE f.address_id = hit.id) AS forwards,
  a.id AS account_id, a.domain_id, a.address, a.quota_bytes, a.receive_per_hour, a.receive_per_day,
  a.suspended_at IS NOT NULL OR a.domain_suspended_at IS NOT NULL AS suspended
FROM domain d
LEFT JOIN LATERAL (
  SELECT ad.id, ad.local_part FROM address ad
  WHERE ad.domain_id = d.id AND ad.local_part = ANY ($2::text[]) ORDER BY length(ad.local_part) DESC LIMIT 1) hit ON true
LEFT JOIN responder r ON r.address_id = hit.id
LEFT JOIN LATERAL (
  SELECT a.id, a.domain_id, a.address, a.quota_bytes, a.receive_per_hour, a.receive_per_day, a.suspended_at,
    own.suspended_at AS domain_suspended_at
  FROM (
    SELECT t.account_id FROM address_target t WHERE t.address_id = hit.id
    UNION ALL SELECT d.catch_all_account_id WHERE hit.id IS NULL AND d.catch_all_account_id IS NOT NULL) led
  JOIN account a ON a.id = led.account_id AND a.deleted_at IS NULL
  JOIN domain own ON own.id = a.domain_id AND own.deleted_at IS NULL
    AND ${samePeopleSql('own', 'd')}) a ON true
WHERE d.name = $1 AND d.deleted_at IS NULL
ORDER BY a.id`;

type AccountRow = Row & { account_id: number };

function toTarget(row: AccountRow): DeliveryTarget {
  return {
    accountId: row.account_id,
    domainId: row.domain_id,
    address: row.address,
    quotaBytes: row.quota_bytes,
    receivePerHour: row.receive_per_hour,
    receivePerDay: row.receive_per_day,
  };
}

/** `names`: `possibleNames` of the local part, itself first. */
export async function resolveAddress(pool: Pool, domain: string, names: readonly string[]): Promise<Resolved> {
  const query = { name: 'directory-resolve', text: RESOLVE, values: [domain, names] };
  const { rows } = await pool.query<Row>(query);
  const [first] = rows;
  if (!first) return { kind: 'not-hosted' };
  const { local_part: name, forwards, responder_id: responderId } = first;
  const found = rows.filter((row): row is AccountRow => row.account_id !== null);
  if (found.length === 0 && forwards === null && responderId === null) return { kind: 'unknown' };
  if (first.domain_suspended) return { kind: 'suspended' };
  const active = found.filter((row) => !row.suspended);
  if (active.length === 0 && forwards === null && responderId === null) return { kind: 'suspended' };
  return {
    kind: 'found',
    by: name === null ? 'catch-all' : name === names[0] ? 'name' : 'extension',
    targets: active.map(toTarget),
    someSuspended: active.length < found.length,
    forwards: forwards ?? [],
    responderId,
  };
}

const IS_HOSTED = 'SELECT 1 FROM domain WHERE name = $1 AND deleted_at IS NULL';

export async function isDomainHosted(pool: Pool, domain: string): Promise<boolean> {
  const { rows } = await pool.query({ name: 'directory-is-hosted', text: IS_HOSTED, values: [domain] });
  return rows.length > 0;
}
