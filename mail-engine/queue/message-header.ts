import type { Pool } from 'pg';
import { readQueueBody } from './message-body.ts';
import type { QueuedMessage } from './types.ts';

/** Of a header that is longer, the rest is left out. */
const MAX_HEADER_BYTES = 128 * 1024;

/** Whole lines of the header, its empty line not included. */
export async function readMessageHeader(pool: Pool, message: QueuedMessage): Promise<Buffer> {
  const { rows } = await pool.query<{ head_size: number }>('SELECT head_size FROM blob WHERE id = $1', [
    message.blobId,
  ]);
  const wanted = Math.min(MAX_HEADER_BYTES, message.prefix.length + (rows[0]?.head_size ?? 0));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readQueueBody(pool, message)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= wanted) break;
  }
  const header = Buffer.concat(chunks).subarray(0, wanted);
  const empty = header.indexOf('\r\n\r\n');
  return header.subarray(0, empty >= 0 ? empty + 2 : header.lastIndexOf('\n') + 1);
}
