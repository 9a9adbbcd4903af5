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
import type { Soon } from '#server/soon.ts';
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
  /** Undefined where more may come at once, as nearly always; else a promise of when. The bytes are copied. */
  write(bytes: Buffer): Promise<void> | undefined;
  /** Bytes taken so far. */
  readonly size: number;
  /** At once where all of it is in memory. */
  finish(): Soon<MessageFacts>;
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
  return () => new ScanningWriter(shared);
}

interface Shared extends BlobWriterOptions {
  /** Messages of more than a chunk that are in memory now. */
  inMemory: number;
  garbage: StreamedGarbage;
}

class ScanningWriter implements BlobWriter {
  readonly #shared: Shared;
  readonly #scanner = createMimeScanner();
  readonly #filler = new ChunkFiller();
  /** Chunks that are full and not stored. */
  readonly #full: Buffer[] = [];
  /** Made with the first full chunk: a message of one chunk is hashed in one go. */
  #hashing: Hash | undefined;
  #isCounted = false;
  #size = 0;
  #pendingId: number | null = null;
  #stored = 0;
  #flushing: Promise<void> | undefined;
  #failed: unknown;
  #finished: { facts: MessageFacts; blob: BlobFacts } | undefined;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  get size(): number {
    return this.#size;
  }

  write(bytes: Buffer): Promise<void> | undefined {
    this.#scanner.write(bytes);
    this.#size += bytes.length;
    const at = this.#fill(bytes, 0);
    return this.#mustStore() ? this.#store(bytes, at) : undefined;
  }

  finish(): Soon<MessageFacts> {
    if (this.#finished) return this.#finished.facts;
    this.#uncount();
    const { rest } = this.#filler;
    if (this.#flushing === undefined) {
      if (rest.length > 0) this.#full.push(rest);
      return this.#conclude(rest);
    }
    return this.#finishStored(rest);
  }

  async #finishStored(rest: Buffer): Promise<MessageFacts> {
    await this.#flushing;
    if (rest.length > 0) this.#full.push(rest);
    if (this.#pendingId !== null && this.#failed === undefined) await this.#startFlush();
    if (this.#failed !== undefined) throw this.#failed;
    return this.#conclude(rest);
  }

  #conclude(rest: Buffer): MessageFacts {
    const facts = this.#scanner.finish();
    const sha256 = this.#hashing ? this.#hashing.update(rest).digest() : hash('sha256', rest, 'buffer');
    this.#finished = { facts, blob: blobFacts(facts, sha256) };
    return facts;
  }

  take(): FinishedBlob {
    if (!this.#finished) throw new Error('the message is not finished');
    const pendingId = this.#pendingId;
    return { facts: this.#finished.blob, pendingId, chunks: pendingId === null ? this.#full : [] };
  }

  async abort(): Promise<void> {
    this.#uncount();
    await this.#flushing;
    this.#full.length = 0;
    if (this.#pendingId !== null) await this.#shared.pool.query(DROP_PENDING, [this.#pendingId]);
  }

  /** Fills chunks from `from` on, up to one that is to be stored; how far it came. */
  #fill(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length) {
      at = this.#filler.put(bytes, at, this.#keepFull);
      if (this.#mustStore()) break;
    }
    return at;
  }

  readonly #keepFull = (chunk: Buffer): void => {
    this.#hashing = (this.#hashing ?? createHash('sha256')).update(chunk);
    this.#full.push(chunk);
  };

  #mustStore(): boolean {
    return this.#full.length > 0 && !this.#staysInMemory();
  }

  /** True where the message is to stay in memory: it is short enough, and not one too many. */
  #staysInMemory(): boolean {
    if (this.#pendingId !== null || this.#size > MEMORY_BYTES) return false;
    if (this.#isCounted) return true;
    if (this.#shared.inMemory >= MEMORY_MESSAGES) return false;
    this.#isCounted = true;
    this.#shared.inMemory += 1;
    return true;
  }

  #uncount(): void {
    if (this.#isCounted) this.#shared.inMemory -= 1;
    this.#isCounted = false;
  }

  /** The last flush is not waited for: the next chunk fills meanwhile. */
  async #store(bytes: Buffer, from: number): Promise<void> {
    for (let at = from; ; at = this.#fill(bytes, at)) {
      if (this.#mustStore()) {
        await this.#flushing;
        if (this.#failed !== undefined) throw this.#failed;
        void this.#startFlush(); // waited for by the next, by `finish` and by `abort`; never rejects
      }
      if (at === bytes.length) return;
    }
  }

  #startFlush(): Promise<void> {
    this.#uncount();
    this.#flushing = this.#flushFull().catch((error: unknown) => {
      this.#failed = error;
    });
    return this.#flushing;
  }

  async #flushFull(): Promise<void> {
    const { pool, blobIds } = this.#shared;
    if (this.#pendingId === null) {
      const [id = null] = await blobIds.take(1);
      await pool.query(BEGIN_PENDING, [id]);
      this.#pendingId = id;
    }
    for (let chunk = this.#full.shift(); chunk !== undefined; chunk = this.#full.shift()) await this.#storeChunk(chunk);
  }

  async #storeChunk(data: Buffer): Promise<void> {
    const { pool, garbage } = this.#shared;
    const values = [this.#pendingId, this.#stored, data];
    const { rowCount } = await pool.query({ name: 'blob-add-chunk', text: ADD_CHUNK, values });
    if (rowCount !== 1) throw new Error('the pending message was swept');
    this.#stored += 1;
    garbage.add(data.length);
    this.#filler.reuse(data);
  }
}
