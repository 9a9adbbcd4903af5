/**
 * Leases after they were taken: kept up, given back, and taken from owners that are gone. All skip what somebody has locked: an
 * entry that is being settled needs none of this, and so no two of these statements can deadlock.
 */
import type { Pool } from 'pg';

const RENEW = `
UPDATE queue_entry SET lease_until = $3 WHERE id IN (
  SELECT id FROM queue_entry WHERE id = ANY ($1) AND state = 'leased' AND lease_owner = $2 ORDER BY id FOR UPDATE SKIP LOCKED)`;

export async function renewLeases(pool: Pool, ids: readonly number[], owner: string, until: Date): Promise<void> {
  await pool.query({ name: 'queue-renew-leases', text: RENEW, values: [ids, owner, until] });
}

const EXPIRE = `
UPDATE queue_entry SET state = 'waiting', lease_owner = NULL, lease_until = NULL WHERE id IN (
  SELECT id FROM queue_entry WHERE state = 'leased' AND lease_until < $1 ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED)`;

/** Entries whose runner died return to waiting; their next attempt stands as it was booked. Returns how many. */
export async function returnExpiredLeases(pool: Pool, now: Date): Promise<number> {
  const result = await pool.query({ name: 'queue-expire-leases', text: EXPIRE, values: [now] });
  return result.rowCount ?? 0;
}
