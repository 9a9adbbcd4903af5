/** Gathers bytes into chunks of one size. The buffer of a chunk that is stored may be handed back, to be filled again. */
export const CHUNK_BYTES = 256 * 1024;
const FIRST_BUFFER_BYTES = 16 * 1024;

export class ChunkFiller {
  #current: Buffer = Buffer.alloc(0);
  #used = 0;
  #spare: Buffer | undefined;
  #hadFull = false;

  /** Copies bytes from `from` on, up to the chunk's end; how far it came. */
  put(bytes: Buffer, from: number, onFull: (chunk: Buffer) => void): number {
    const missing = bytes.length - from;
    if (this.#used === this.#current.length && this.#used < CHUNK_BYTES) this.#grow(this.#used + missing);
    const taken = bytes.copy(this.#current, this.#used, from);
    this.#used += taken;
    if (this.#used === CHUNK_BYTES) {
      onFull(this.#current);
      this.#current = Buffer.alloc(0);
      this.#used = 0;
      this.#hadFull = true;
    }
    return from + taken;
  }

  /** What is not a full chunk yet. */
  get rest(): Buffer {
    return this.#current.subarray(0, this.#used);
  }

  reuse(chunk: Buffer): void {
    if (chunk.length === CHUNK_BYTES) this.#spare = chunk;
  }

  /** Behind a first chunk another full one is likely. */
  #grow(wanted: number): void {
    const wish = this.#hadFull ? CHUNK_BYTES : Math.max(FIRST_BUFFER_BYTES, this.#current.length * 2, wanted);
    const next = this.#spare ?? Buffer.allocUnsafe(Math.min(CHUNK_BYTES, wish));
    this.#spare = undefined;
    this.#current.copy(next, 0, 0, this.#used);
    this.#current = next;
  }
}
