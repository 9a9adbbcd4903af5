/**
 * Takes the bytes of one message, in pieces of any size, and learns their facts on the way. Up to `MEMORY_BYTES` stay in memory, as long as
 * few messages are longer than a chunk; a longer one, or one too many, goes to the database as it arrives, in chunks of `CHUNK_BYTES`
 * under a blob that is not `ready`, and no more than two chunks are in memory then. Nothing refers to a pending blob: `abort` deletes it,
 * and the sweeper one whose process died.
 *
 * The chunks' own commits do not wait for the disk (`synchronous_commit = off`): the commit that makes the blob ready does, and
 * PostgreSQL's log is flushed up to it in order. A crash of PostgreSQL meanwhile may take the last of them back while we live on: so the
 * blob's id comes from a source that is on disk, or another message could be given the same one, and whoever makes the blob ready
 * counts its bytes.
 */
import { createHash, type Hash, hash } from 'node:crypto';
import type { Pool } from 'pg';
import { createMimeScanner } from '#engine/wire/mime/scanner.ts';
import type { MessageFacts } from '#engine/wire/mime/types.ts';
import type { IdSource } from '../batch/id-source.ts';
import { type BlobFacts, blobFacts } from './blob-facts.ts';
import { ChunkFiller } from './chunk-filler.ts';
import { createStreamedGarbage, type StreamedGarbage } from './streamed-garbage.ts';

const MEMORY_BYTES = 1024 * 1024;
/** Messages of more than a chunk that are kept in memory at a time. */
const MEMORY_MESSAGES = 16;

const BEGIN_PENDING = `INSERT INTO blob (id, ready)
  SELECT $1, false FROM (SELECT set_config('synchronous_commit', 'off', true)) AS local`;
/** Adds nothing where the blob was swept. */
const ADD_CHUNK = `INSERT INTO blob_chunk (blob_id, seq, data)
  SELECT b.id, $2, $3 FROM (SELECT set_config('synchronous_commit', 'off', true)) AS local, blob b
  WHERE b.id = $1 AND NOT b.ready FOR KEY SHARE OF b`;
const DROP_PENDING = 'DELETE FROM blob WHERE id = $1 AND NOT ready';

/** A message's bytes and facts, ready to be committed: all in memory (`chunks`), or already stored under `pendingId`. */
export interface FinishedBlob {
  facts: BlobFacts;
  pendingId: number | null;
  chunks: readonly Buffer[];
}

export interface BlobWriter {
  /** Resolves when more may come. The bytes are copied. */
  write(bytes: Buffer): Promise<void>;
  /** Bytes taken so far. */
  readonly size: number;
  finish(): Promise<MessageFacts>;
  /** After `finish`. */
  take(): FinishedBlob;
  /** Forgets everything; the pending blob, if there is one, is deleted. */
  abort(): Promise<void>;
}

export interface BlobWriterOptions {
  pool: Pool;
  blobIds: IdSource;
}

/** What writers of one store share: makes one for each message. */
export function createBlobWriters({ pool, blobIds }: BlobWriterOptions): () => BlobWriter {
  const shared: Shared = { pool, blobIds, inMemory: 0, garbage: createStreamedGarbage() };
  return () => createBlobWriter(shared);
}

interface Shared extends BlobWriterOptions {
  /** Messages of more than a chunk that are in memory now. */
  inMemory: number;
  garbage: StreamedGarbage;
}

function createBlobWriter(shared: Shared): BlobWriter {
  const { pool, blobIds, garbage } = shared;
  /** Made with the first full chunk: a message of one chunk is hashed in one go. */
  let hashing: Hash | undefined;
  const scanner = createMimeScanner();
  const filler = new ChunkFiller();
  const full: Buffer[] = [];
  let isCounted = false;
  let size = 0;
  let pendingId: number | null = null;
  let stored = 0;
  let flushing: Promise<void> = Promise.resolve();
  let failed: unknown;
  let finished: { facts: MessageFacts; blob: BlobFacts } | undefined;

  async function storeChunk(data: Buffer): Promise<void> {
    const { rowCount } = await pool.query({
      name: 'blob-add-chunk',
      text: ADD_CHUNK,
      values: [pendingId, stored, data],
    });
    if (rowCount !== 1) throw new Error('the pending message was swept');
    stored += 1;
    garbage.add(data.length);
    filler.reuse(data);
  }

  /** True where the message is to stay in memory: it is short enough, and not one too many. */
  function staysInMemory(): boolean {
    if (pendingId !== null || size > MEMORY_BYTES) return false;
    if (isCounted) return true;
    if (shared.inMemory >= MEMORY_MESSAGES) return false;
    isCounted = true;
    shared.inMemory += 1;
    return true;
  }

  function uncount(): void {
    if (isCounted) shared.inMemory -= 1;
    isCounted = false;
  }

  async function flushFull(): Promise<void> {
    if (pendingId === null) {
      const [id = null] = await blobIds.take(1);
      await pool.query(BEGIN_PENDING, [id]);
      pendingId = id;
    }
    for (let chunk = full.shift(); chunk !== undefined; chunk = full.shift()) await storeChunk(chunk);
  }

  function startFlush(): void {
    uncount();
    flushing = flushFull().catch((error: unknown) => {
      failed = error;
    });
  }

  function keepFull(chunk: Buffer): void {
    hashing = (hashing ?? createHash('sha256')).update(chunk);
    full.push(chunk);
  }

  async function write(bytes: Buffer): Promise<void> {
    scanner.write(bytes);
    size += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      at = filler.put(bytes, at, keepFull);
      if (full.length > 0 && !staysInMemory()) {
        await flushing;
        if (failed !== undefined) throw failed;
        startFlush();
      }
    }
  }

  async function finish(): Promise<MessageFacts> {
    if (finished) return finished.facts;
    uncount();
    await flushing;
    const { rest } = filler;
    if (rest.length > 0) full.push(rest);
    if (pendingId !== null && failed === undefined) {
      startFlush();
      await flushing;
    }
    if (failed !== undefined) throw failed;
    const facts = scanner.finish();
    const sha256 = hashing ? hashing.update(rest).digest() : hash('sha256', rest, 'buffer');
    finished = { facts, blob: blobFacts(facts, sha256) };
    return facts;
  }

  return {
    write,
    get size() {
      return size;
    },
    finish,
    take: () => {
      if (!finished) throw new Error('the message is not finished');
      return { facts: finished.blob, pendingId, chunks: pendingId === null ? full : [] };
    },
    abort: async () => {
      uncount();
      await flushing;
      full.length = 0;
      if (pendingId !== null) await pool.query(DROP_PENDING, [pendingId]);
    },
  };
}
