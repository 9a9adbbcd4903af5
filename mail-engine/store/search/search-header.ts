/** SEARCH HEADER and its kin: reads headers only, in batches. The copy's own fields (prefix) are part of its header. */
import type { Pool } from 'pg';
import { Turn } from '#engine/net/turn.ts';
import { decodeHeaderValue } from '#engine/wire/mime/encoded-words.ts';
import { findHeaderValues } from '#engine/wire/mime/header-fields.ts';
import { CHUNK_BYTES } from '../blob/chunk-filler.ts';
import { readAhead, slices } from '../read/ahead.ts';
import { copyOut, integer, integerArray, readInt64 } from '../read/copy-out.ts';
import type { AccountId, FolderId, Uid } from '../types.ts';
import { foldCase } from './searchable.ts';

const BATCH = 200;
const NOTHING = Buffer.alloc(0);

/** Of a header longer than a chunk the first chunk is looked at. */
export async function searchHeader(
  pool: Pool,
  accountId: AccountId,
  folderId: FolderId,
  uids: readonly Uid[],
  name: string,
  wanted: string,
): Promise<Uid[]> {
  const needle = foldCase(wanted);
  const rows = readAhead(slices(uids, BATCH), (batch) =>
    copyOut(
      pool,
      `SELECT m.uid, m.prefix, substring(c.data FROM 1 FOR least(b.head_size, ${CHUNK_BYTES}))
        FROM message m JOIN blob b ON b.id = m.blob_id LEFT JOIN blob_chunk c ON c.blob_id = b.id AND c.seq = 0
        WHERE m.account_id = ${integer(accountId)} AND m.folder_id = ${integer(folderId)}
          AND m.uid = ANY(${integerArray(batch)}) ORDER BY m.uid`,
    ),
  );
  const turn = new Turn();
  const found: Uid[] = [];
  for await (const [uid, prefix, head] of rows) {
    const values = [prefix ?? NOTHING, head ?? NOTHING].flatMap((header) => findHeaderValues(header, name));
    if (values.some((value) => foldCase(decodeHeaderValue(value)).includes(needle))) found.push(readInt64(uid));
    await turn.giveWay();
  }
  return found;
}
