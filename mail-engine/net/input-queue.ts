/**
 * Received bytes that nobody has read yet, as a queue of chunks. Nothing is joined until somebody asks for it, and a line end
 * is searched once per byte however slowly the bytes drip in. Small chunks are merged pairwise, so that a peer sending one
 * byte a packet costs bytes, not buffers. The queue itself sets no limit: the connection stops reading the socket.
 */
const LF = 0x0a;
/** Chunks below this are worth merging with a neighbour no larger than themselves. */
const SMALL_CHUNK = 4096;

export class InputQueue {
  #chunks: Buffer[] = [];
  #length = 0;
  /** Chunks before this index, `#scannedBytes` in all, hold no LF. */
  #scannedChunks = 0;
  #scannedBytes = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    this.#mergeTail();
  }

  unshift(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.unshift(chunk);
    this.#length += chunk.length;
    this.#forgetScan();
  }

  /** Bytes up to and including the next LF; undefined where there is none yet. */
  findLineLength(): number | undefined {
    for (; this.#scannedChunks < this.#chunks.length; this.#scannedChunks++) {
      const chunk = this.#chunks[this.#scannedChunks] as Buffer;
      const at = chunk.indexOf(LF);
      if (at >= 0) return this.#scannedBytes + at + 1;
      this.#scannedBytes += chunk.length;
    }
    return undefined;
  }

  /** Removes and returns the first `count` bytes (at most what is there). */
  take(count: number): Buffer {
    this.#forgetScan();
    const first = this.#chunks[0];
    if (first === undefined || count <= 0) return Buffer.alloc(0);
    if (first.length >= count) return this.#takeFromFirst(first, count);
    const pieces: Buffer[] = [];
    let missing = Math.min(count, this.#length);
    while (missing > 0) {
      const piece = this.#takeFromFirst(this.#chunks[0] as Buffer, missing);
      pieces.push(piece);
      missing -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  /** As `take`, but never joins: at most the first chunk. */
  takeSome(maxBytes: number): Buffer {
    return this.take(Math.min(maxBytes, this.#chunks[0]?.length ?? 0));
  }

  clear(): void {
    this.#chunks = [];
    this.#length = 0;
    this.#forgetScan();
  }

  #takeFromFirst(first: Buffer, count: number): Buffer {
    if (first.length <= count) {
      if (this.#chunks.length === 1) this.#chunks.pop();
      else this.#chunks.shift();
      this.#length -= first.length;
      return first;
    }
    this.#chunks[0] = first.subarray(count);
    this.#length -= count;
    return first.subarray(0, count);
  }

  #mergeTail(): void {
    for (let last = this.#chunks.length - 1; last > 0; last--) {
      const tail = this.#chunks[last] as Buffer;
      const before = this.#chunks[last - 1] as Buffer;
      if (tail.length >= SMALL_CHUNK || before.length > tail.length) return;
      this.#chunks.length = last;
      this.#chunks[last - 1] = Buffer.concat([before, tail]);
      if (this.#scannedChunks > last - 1) this.#unscanFrom(last - 1, before.length);
    }
  }

  /** The chunk at `index`, which had `scannedBytes` scanned, grew and is looked at again. */
  #unscanFrom(index: number, scannedBytes: number): void {
    this.#scannedChunks = index;
    this.#scannedBytes -= scannedBytes;
  }

  #forgetScan(): void {
    this.#scannedChunks = 0;
    this.#scannedBytes = 0;
  }
}
