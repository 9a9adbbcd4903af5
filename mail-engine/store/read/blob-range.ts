/** Bytes of a blob from its chunks; only the chunks the range lies in are read, and of those only the slice. */
import type { Pool } from 'pg';
import { CHUNK_BYTES } from '../blob/chunk-filler.ts';
import { StoreError } from '../types.ts';
import { copyOut, integer } from './copy-out.ts';

/** Bytes [start, end) of one blob, which must lie inside it. */
export async function readBlobRange(pool: Pool, blobId: number, start: number, end: number): Promise<Buffer> {
  if (start >= end) return Buffer.alloc(0);
  const first = Math.floor(start / CHUNK_BYTES);
  const last = Math.floor((end - 1) / CHUNK_BYTES);
  const from = `greatest(0, ${integer(start)} - seq * ${CHUNK_BYTES})`;
  const to = `least(${CHUNK_BYTES}, ${integer(end)} - seq * ${CHUNK_BYTES})`;
  const rows = await copyOut(
    pool,
    `SELECT substring(data FROM (${from} + 1)::int FOR (${to} - ${from})::int) FROM (SELECT seq::bigint AS seq, data FROM blob_chunk
      WHERE blob_id = ${integer(blobId)} AND seq BETWEEN ${first} AND ${last}) AS c ORDER BY seq`,
  );
  const bytes = Buffer.concat(rows.map(([data]) => data ?? Buffer.alloc(0)));
  if (bytes.length !== end - start) throw new StoreError('nonexistent', 'The message is not there any more.');
  return bytes;
}

/** The same chunk by chunk, one ahead of the consumer. */
export async function* streamBlobRange(pool: Pool, blobId: number, start: number, end: number): AsyncGenerator<Buffer> {
  let next: Promise<Buffer> | undefined;
  const read = (at: number): Promise<Buffer> => {
    const boundary = (Math.floor(at / CHUNK_BYTES) + 1) * CHUNK_BYTES;
    return readBlobRange(pool, blobId, at, Math.min(end, boundary));
  };
  for (let at = start; at < end; ) {
    const bytes = await (next ?? read(at));
    at += bytes.length;
    next = at < end ? read(at) : undefined;
    next?.catch(() => undefined); // thrown when it is its turn
    yield bytes;
  }
}
