import type { Pool } from 'pg';
import { streamBlobRange } from '#engine/store/read/blob-range.ts';

export interface BodySource {
  blobId: number;
  prefix: Buffer;
  /** prefix + blob. */
  sizeBytes: number;
}

/**
 * The bytes of a queued message, prefix and then blob, chunk by chunk with one read ahead: a delivery holds two at most, however
 * large the message and slow the peer.
 */
export async function* readQueueBody(pool: Pool, { blobId, prefix, sizeBytes }: BodySource): AsyncGenerator<Buffer> {
  if (prefix.length > 0) yield prefix;
  yield* streamBlobRange(pool, blobId, 0, sizeBytes - prefix.length);
}
