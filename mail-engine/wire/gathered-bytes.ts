/**
 * Bytes that come in pieces and are wanted in one. They are copied into one buffer that grows by doubling, so pieces of any size, single
 * bytes too, cost what their bytes cost and no buffer each. It knows no limit: who gathers does.
 */
const EMPTY: Buffer = Buffer.alloc(0);

export class GatheredBytes {
  #buffer = EMPTY;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** All of them, not copied; what is pushed later does not change them. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  push(piece: Buffer): void {
    const wanted = this.#length + piece.length;
    if (wanted > this.#buffer.length) this.#grow(wanted);
    this.#length += piece.copy(this.#buffer, this.#length);
  }

  /** Lets all of them go; what `bytes` gave stays as it is. */
  clear(): void {
    this.#buffer = EMPTY;
    this.#length = 0;
  }

  #grow(wanted: number): void {
    const next = Buffer.allocUnsafe(Math.max(wanted, 2 * this.#buffer.length));
    this.#buffer.copy(next, 0, 0, this.#length);
    this.#buffer = next;
  }
}
