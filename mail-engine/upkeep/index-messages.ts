/**
 * Fills the search index behind intake: takes blobs that have no `indexed_at`, decodes their text (bounded), and writes it for every
 * account that has a copy. A blob that arrives in a further account later (a copy never crosses accounts, so only a batch with
 * several recipients) is in the same transaction as its first, so one pass sees all its accounts. A message whose text cannot be read is
 * marked all the same; searches read it then.
 */
import type { Pool, PoolClient } from 'pg';
import { readBlobRange, streamBlobRange } from '#engine/store/read/blob-range.ts';
import { PART_MARK, readSearchable } from '#engine/store/search/searchable.ts';
import { parseStructure } from '#engine/wire/mime/structure-json.ts';
import { inTransaction } from '#server/database/pool-transaction.ts';

/** Characters of one message's text that the index keeps. */
const INDEX_CHARACTERS = 1024 * 1024;
const SMALL_BYTES = 256 * 1024;

const TAKE = `SELECT id, size, structure FROM blob WHERE ready AND indexed_at IS NULL ORDER BY id LIMIT $1
  FOR NO KEY UPDATE SKIP LOCKED`;
const WRITE = `INSERT INTO search_text (account_id, blob_id, text, complete)
  SELECT DISTINCT m.account_id, m.blob_id, $2::text, $3::boolean FROM message m WHERE m.blob_id = $1
  ON CONFLICT (account_id, blob_id) DO UPDATE SET text = excluded.text, complete = excluded.complete`;
const MARK = 'UPDATE blob SET indexed_at = now() WHERE id = ANY($1::bigint[])';

interface Unindexed {
  id: number;
  size: number;
  structure: string | null;
}

async function indexOne(pool: Pool, client: PoolClient, { id, size, structure }: Unindexed): Promise<void> {
  if (structure === null) return;
  const small = size <= SMALL_BYTES ? await readBlobRange(pool, id, 0, size) : undefined;
  const read = (start: number, end: number): Iterable<Buffer> | AsyncIterable<Buffer> =>
    small ? [small.subarray(start, end)] : streamBlobRange(pool, id, start, end);
  const { header, body, complete } = await readSearchable(parseStructure(structure), read, INDEX_CHARACTERS);
  await client.query({ name: 'index-write', text: WRITE, values: [id, `${header}${PART_MARK}${body}`, complete] });
}

/** Indexes one batch, or as much of it as is done when `signal` ends it; returns how many blobs it took, 0 when there is nothing to do. */
export async function indexBatch(
  pool: Pool,
  onError: (error: unknown, blobId: number) => void,
  { batch = 20, signal }: { batch?: number; signal?: AbortSignal } = {},
): Promise<number> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<Unindexed>({ name: 'index-take', text: TAKE, values: [batch] });
    const done: number[] = [];
    for (const row of rows) {
      if (signal?.aborted) break;
      await client.query('SAVEPOINT one');
      try {
        await indexOne(pool, client, row);
      } catch (error) {
        await client.query('ROLLBACK TO SAVEPOINT one');
        onError(error, row.id);
      }
      await client.query('RELEASE SAVEPOINT one');
      done.push(row.id);
    }
    if (done.length > 0) await client.query(MARK, [done]);
    return done.length;
  });
}
