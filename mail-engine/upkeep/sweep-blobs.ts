/**
 * Removes bytes nobody refers to. Safe beside intakes, copies and other sweepers:
 *
 * - A released blob is locked FOR UPDATE first; a new row of `queue_message` needs its row FOR KEY SHARE (a foreign key), so from then on
 *   none can appear. The statement that looks for referrers comes after the lock and so sees all that were committed before it.
 * - A new row of `message` comes either with its blob, or is copied from a row that refers to it, in the transaction that removes that
 *   row or before. So where any message refers to a blob, every look at the table finds one, and where none does none can appear.
 * - A candidate is a row of `released_blob`, written by triggers in the transaction that removed a referrer. Rows are taken by id;
 *   what is released meanwhile is a new row. So a blob that still has a referrer may be dropped from the candidates: whoever
 *   removes that referrer writes another.
 * - `graceMs` lets readers that opened a message just before it was removed finish.
 * - A pending blob is removed when it is older than any transfer lasts. Its writer, if it lives after all, fails on its next chunk
 *   or when it makes the blob ready, before anything was acknowledged.
 */
import type { Pool } from 'pg';
import { inTransaction } from '#server/database/pool-transaction.ts';

const CANDIDATES = `SELECT id, blob_id AS "blobId" FROM released_blob WHERE at < now() - make_interval(secs => $1) ORDER BY id LIMIT $2`;
const LOCK = `SELECT b.id FROM blob b WHERE b.id = ANY($1::bigint[]) ORDER BY b.id FOR UPDATE SKIP LOCKED`;
const REMOVE_ORPHANS = `DELETE FROM blob b WHERE b.id = ANY($1::bigint[]) AND b.ready
  AND NOT EXISTS (SELECT 1 FROM message m WHERE m.blob_id = b.id)
  AND NOT EXISTS (SELECT 1 FROM queue_message q WHERE q.blob_id = b.id)`;
/** Candidates whose blob was looked at, or is gone already. */
const FORGET = `DELETE FROM released_blob r WHERE r.id = ANY($1::bigint[])
  AND (r.blob_id = ANY($2::bigint[]) OR NOT EXISTS (SELECT 1 FROM blob b WHERE b.id = r.blob_id))`;
const REMOVE_PENDING = `DELETE FROM blob WHERE id IN (
  SELECT id FROM blob WHERE NOT ready AND created_at < now() - make_interval(secs => $1) ORDER BY id LIMIT $2
  FOR UPDATE SKIP LOCKED)`;

interface SweepOptions {
  graceMs: number;
  pendingMs: number;
  /** Blobs looked at in one transaction. */
  batch: number;
  /** Ends it between two batches; what is left is the next run's. */
  signal?: AbortSignal;
}

const DEFAULTS: SweepOptions = { graceMs: 600_000, pendingMs: 6 * 3_600_000, batch: 500 };

async function sweepReleased(
  pool: Pool,
  { graceMs, batch }: SweepOptions,
): Promise<{ looked: number; removed: number }> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: number; blobId: number }>(CANDIDATES, [graceMs / 1000, batch]);
    if (rows.length === 0) return { looked: 0, removed: 0 };
    const blobIds = rows.map(({ blobId }) => blobId);
    const locked = (await client.query<{ id: number }>(LOCK, [blobIds])).rows.map(({ id }) => id);
    const { rowCount } = await client.query(REMOVE_ORPHANS, [locked]);
    const forgotten = await client.query(FORGET, [rows.map(({ id }) => id), locked]);
    return { looked: forgotten.rowCount ?? 0, removed: rowCount ?? 0 };
  });
}

/** Returns how many blobs were removed. */
export async function sweepBlobs(pool: Pool, options: Partial<SweepOptions> = {}): Promise<number> {
  const wanted = { ...DEFAULTS, ...options };
  let removed = 0;
  for (;;) {
    if (wanted.signal?.aborted) return removed;
    const done = await sweepReleased(pool, wanted);
    removed += done.removed;
    if (done.looked === 0) break;
  }
  const pending = await pool.query(REMOVE_PENDING, [wanted.pendingMs / 1000, wanted.batch]);
  return removed + (pending.rowCount ?? 0);
}
