/** What an account may send as besides its own addresses: grants that hold (see `send-as/send-as-view.ts` for when they do). */
import type { Pool } from 'pg';

/** Addresses, and `@domain` for every address of a domain. */
export type Grants = ReadonlySet<string>;

const READ = `SELECT g.local_part || '@' || d.name AS address
  FROM send_as_grant g JOIN domain d ON d.id = g.domain_id AND d.deleted_at IS NULL
  JOIN account a ON a.id = g.account_id JOIN domain home ON home.id = a.domain_id
  WHERE g.account_id = $1 AND (d.id = home.id
    OR (d.owner_id = home.owner_id AND d.reseller_id IS NOT DISTINCT FROM home.reseller_id))`;

export async function readGrants(pool: Pool, accountId: number): Promise<Grants> {
  const { rows } = await pool.query<{ address: string }>({
    name: 'directory-send-as',
    text: READ,
    values: [accountId],
  });
  return new Set(rows.map(({ address }) => address));
}
