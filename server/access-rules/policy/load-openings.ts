import type { Pool } from 'pg';
import { VALID_OPENINGS } from '../pop-before-smtp/valid-openings.ts';
import type { Opening } from './openings.ts';

const OPEN = `SELECT host(o.address) AS client, o.account_id, a.domain_id, a.address AS account, o.expires_at
  FROM ${VALID_OPENINGS} WHERE o.expires_at > $1`;
const ORDER = 'ORDER BY o.expires_at DESC';

interface Row {
  client: string;
  account_id: number;
  domain_id: number;
  account: string;
  expires_at: Date;
}

/** By client address, latest end first; `addresses` null: all there are. */
export async function loadOpenings(
  pool: Pool,
  addresses: readonly string[] | null,
  now: Date,
): Promise<Map<string, Opening[]>> {
  const { rows } =
    addresses === null
      ? await pool.query<Row>(`${OPEN} ${ORDER}`, [now])
      : await pool.query<Row>(`${OPEN} AND o.address = ANY ($2::inet[]) ${ORDER}`, [now, addresses]);
  const found = new Map<string, Opening[]>((addresses ?? []).map((address) => [address, []]));
  for (const { client, account_id: accountId, domain_id: domainId, account, expires_at: expiresAt } of rows) {
    const openings = found.get(client) ?? [];
    openings.push({ accountId, domainId, address: account, expiresAt: expiresAt.getTime() });
    found.set(client, openings);
  }
  return found;
}

/** The domains that want it at all: a sign-in to any other costs nothing. */
export async function loadOpeningDomains(pool: Pool): Promise<Set<number>> {
  const { rows } = await pool.query<{ id: number }>(
    'SELECT id FROM domain WHERE pop_before_smtp AND deleted_at IS NULL',
  );
  return new Set(rows.map(({ id }) => id));
}
