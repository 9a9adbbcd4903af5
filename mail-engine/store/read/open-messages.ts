/** Readers of messages: small ones come whole with their row, in batches read ahead; large ones are read where they are asked for. */
import type { Pool } from 'pg';
import { parseStructure } from '#engine/wire/mime/structure-json.ts';
import type { MimePart } from '#engine/wire/mime/types.ts';
import type { AccountId, FolderId, MessageReader, Uid } from '../types.ts';
import { readAhead, slices } from './ahead.ts';
import { readBlobRange, streamBlobRange } from './blob-range.ts';
import { type BinaryRow, copyOut, integer, integerArray, readInt64 } from './copy-out.ts';

const BATCH_MESSAGES = 50;
/**
 * Of messages up to this size the bytes come along: a batch holds at most 50 times as much, and their structures, which are bounded; two
 * batches are in memory.
 */
const INLINE_BYTES = 64 * 1024;

interface Source {
  uid: Uid;
  blobId: number;
  blobSize: number;
  prefix: Buffer;
  structure: string;
  bytes: Buffer | null;
}

function toSource([uid, blobId, blobSize, prefix, structure, bytes]: BinaryRow): Source {
  return {
    uid: readInt64(uid),
    blobId: readInt64(blobId),
    blobSize: readInt64(blobSize),
    prefix: prefix ?? Buffer.alloc(0),
    structure: structure?.toString() ?? '',
    bytes: readInt64(blobSize) === 0 ? Buffer.alloc(0) : (bytes ?? null),
  };
}

class StoredMessage implements MessageReader {
  readonly #pool: Pool;
  readonly #source: Source;
  #structure: MimePart | undefined;

  constructor(pool: Pool, source: Source) {
    this.#pool = pool;
    this.#source = source;
  }

  get uid(): Uid {
    return this.#source.uid;
  }

  get size(): number {
    return this.prefixSize + this.#source.blobSize;
  }

  get prefixSize(): number {
    return this.#source.prefix.length;
  }

  get structure(): MimePart {
    this.#structure ??= parseStructure(this.#source.structure);
    return this.#structure;
  }

  async read(start: number, end: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.#pieces(start, end, (from, to) => [this.#readBlob(from, to)])) pieces.push(piece);
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  }

  stream(start: number, end: number): AsyncIterable<Buffer> {
    return this.#pieces(start, end, (from, to) =>
      this.#source.bytes ? [this.#readBlob(from, to)] : streamBlobRange(this.#pool, this.#source.blobId, from, to),
    );
  }

  async *#pieces(
    wantedStart: number,
    wantedEnd: number,
    readBlob: (from: number, to: number) => Iterable<Promise<Buffer>> | AsyncIterable<Buffer>,
  ): AsyncGenerator<Buffer> {
    const { prefix } = this.#source;
    const start = Math.max(0, wantedStart);
    const end = Math.min(this.size, wantedEnd);
    if (start >= end) return;
    if (start < prefix.length) yield prefix.subarray(start, Math.min(end, prefix.length));
    if (end > prefix.length) yield* readBlob(Math.max(0, start - prefix.length), end - prefix.length);
  }

  async #readBlob(from: number, to: number): Promise<Buffer> {
    const { bytes, blobId } = this.#source;
    return bytes ? bytes.subarray(from, to) : readBlobRange(this.#pool, blobId, from, to);
  }
}

/** Readers for `uids` (ascending) that still exist. */
export function openMessages(
  pool: Pool,
  accountId: AccountId,
  folderId: FolderId,
  uids: readonly Uid[],
): AsyncIterable<MessageReader> {
  return readAhead(slices(uids, BATCH_MESSAGES), async (batch) => {
    const rows = await copyOut(
      pool,
      `SELECT m.uid, b.id, b.size, m.prefix, b.structure, c.data FROM message m JOIN blob b ON b.id = m.blob_id
        LEFT JOIN blob_chunk c ON c.blob_id = b.id AND c.seq = 0 AND b.size <= ${INLINE_BYTES}
        WHERE m.account_id = ${integer(accountId)} AND m.folder_id = ${integer(folderId)}
          AND m.uid = ANY(${integerArray(batch)}) ORDER BY m.uid`,
    );
    return rows.map((row) => new StoredMessage(pool, toSource(row)));
  });
}
