/**
 * Collects the bytes of one region of a stream, up to a limit. While the region lies in the chunk at hand nothing is
 * copied; `feed` copies what the chunk has of it before the chunk goes.
 */
import { GatheredBytes } from '../gathered-bytes.ts';

export class Capture {
  private readonly limit: number;
  private readonly stored = new GatheredBytes();
  private start = -1;

  constructor(limit: number) {
    this.limit = limit;
  }

  get active(): boolean {
    return this.start !== -1;
  }

  /** Starts a region at absolute offset `start`. */
  begin(start: number): void {
    this.start = start;
    this.stored.clear();
  }

  drop(): void {
    this.start = -1;
    this.stored.clear();
  }

  /** Takes in what `chunk`, which starts at `base`, has of the region so far. */
  feed(chunk: Buffer, base: number): void {
    const from = Math.max(this.start + this.stored.length - base, 0);
    const to = Math.min(chunk.length, this.start + this.limit - base);
    if (this.start === -1 || to <= from) return;
    this.stored.push(chunk.subarray(from, to));
  }

  /** Ends the region at `end` (an `end` before its start leaves nothing) and gives its bytes, valid until the chunk goes. */
  take(end: number, chunk: Buffer, base: number): Buffer {
    const { start } = this;
    const size = Math.min(Math.max(end - start, 0), this.limit);
    if (this.stored.length === 0 && start >= base) {
      this.start = -1;
      return chunk.subarray(start - base, start - base + size);
    }
    this.feed(chunk, base);
    const { bytes } = this.stored;
    this.drop();
    return bytes.subarray(0, size);
  }
}
