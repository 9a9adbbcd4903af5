/** Short random ids, drawn from a pool: asking the system for five bytes at every connection costs more than the rest of accepting it. */
import { randomFillSync } from 'node:crypto';

const ID_BYTES = 5;
const POOLED = 512;

export function createConnectionIds(): () => string {
  const pool = Buffer.alloc(ID_BYTES * POOLED);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    at += ID_BYTES;
    return pool.toString('hex', at - ID_BYTES, at);
  };
}
