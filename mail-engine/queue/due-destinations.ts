/**
 * Destinations with something due, longest waiting first, without those in `closed` (full or paused). Walks the index of due
 * entries only as far as it takes to see a bounded number of rows.
 */
import type { Pool } from 'pg';

const DUE = `
SELECT destination FROM (
  SELECT destination, next_attempt_at FROM queue_entry
  WHERE state = 'waiting' AND next_attempt_at <= $1 AND destination <> ALL ($2)
  ORDER BY next_attempt_at LIMIT 1000
) due GROUP BY destination ORDER BY min(next_attempt_at) LIMIT $3`;

export async function findDueDestinations(
  pool: Pool,
  now: Date,
  closed: readonly string[],
  limit: number,
): Promise<string[]> {
  const { rows } = await pool.query<{ destination: string }>({
    name: 'queue-due-destinations',
    text: DUE,
    values: [now, closed, limit],
  });
  return rows.map(({ destination }) => destination);
}

/**
 * The least of what each branch finds first in its own index: a due time, or the end of another runner's lease, which is by the database's
 * clock and told by the runner's.
 */
const NEXT = `
SELECT least(
  (SELECT min(next_attempt_at) FROM queue_entry WHERE state = 'waiting' AND destination <> ALL ($1)),
  (SELECT min(lease_until) - now() + $2::timestamptz FROM queue_entry WHERE state = 'leased' AND lease_owner <> $3)
) AS at`;

/** When there is next something to do; null where nothing waits. `owner`: whose own leases are no concern. */
export async function findNextDue(
  pool: Pool,
  now: Date,
  closed: readonly string[],
  owner: string,
): Promise<Date | null> {
  const values = [closed, now, owner];
  const { rows } = await pool.query<{ at: Date | null }>({ name: 'queue-next-due', text: NEXT, values });
  return rows[0]?.at ?? null;
}
