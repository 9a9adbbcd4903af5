/**
 * What the readers of a message's lines ask about a chunk, answered in one pass of SIMD WebAssembly (`line-scan.wat`): where its line
 * feeds are, and whether it has anything in it that may matter. A native search for each line costs more for the call than for the bytes.
 *
 * The module's memory is of a fixed size and there is one for the process. A scan that finds another's results there makes its own
 * again, so scans may be used side by side. Chunks longer than the module's window are gone through window by window.
 */
import { MODULE_BASE64 } from './module-bytes.ts';

/** A LF behind anything but a CR. */
export const BARE_LF = 1;
/** A CR before anything but a LF. One as the last byte of the chunk is not judged. */
export const BARE_CR = 2;
export const NUL = 4;
/** A byte above 0x7f. */
export const HIGH = 8;

export const WINDOW_BYTES = 64 * 1024;

const ALL_FLAGS = 15;
const COUNT_SHIFT = 4;
const CR = 0x0d;

interface ScanModule {
  memory: WebAssembly.Memory;
  scan(lengthBytes: number, afterCr: number): number;
}

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(MODULE_BASE64, 'base64')));
const { memory, scan } = exports as unknown as ScanModule;
const bytes = new Uint8Array(memory.buffer);
const offsets = new Uint32Array(memory.buffer);

/** Which scan's results are in the memory. */
let lastScan = 0;

export class LineScan {
  /** Of BARE_LF, BARE_CR, NUL and HIGH, what the chunk has. */
  readonly flags: number;
  readonly #chunk: Uint8Array;
  readonly #afterCr: boolean;
  /** The window whose line feeds are given now: where it begins, how many it has, how many were given. */
  #from = 0;
  #count = 0;
  #given = 0;
  #scan = 0;

  /** `afterCr`: the byte before the chunk is a CR. */
  constructor(chunk: Uint8Array, afterCr: boolean) {
    this.#chunk = chunk;
    this.#afterCr = afterCr;
    let flags = this.#load(0);
    for (let from = WINDOW_BYTES; from < chunk.length; from += WINDOW_BYTES) flags |= this.#load(from);
    if (this.#from > 0) this.#load(0);
    this.flags = flags;
  }

  /** The offset of the next LF in the chunk, -1 where none is left. */
  next(): number {
    if (this.#scan !== lastScan) this.#load(this.#from);
    while (this.#given === this.#count) {
      const from = this.#from + WINDOW_BYTES;
      if (from >= this.#chunk.length) return -1;
      this.#load(from);
      this.#given = 0;
    }
    return this.#from + (offsets[this.#given++] as number);
  }

  /** Scans the window that begins at `from`: its flags. */
  #load(from: number): number {
    const chunk = this.#chunk;
    const window = chunk.length <= WINDOW_BYTES ? chunk : chunk.subarray(from, from + WINDOW_BYTES);
    bytes.set(window, bytes.length - window.length);
    const afterCr = from === 0 ? this.#afterCr : chunk[from - 1] === CR;
    const found = scan(window.length, afterCr ? 1 : 0);
    this.#from = from;
    this.#count = found >>> COUNT_SHIFT;
    this.#scan = ++lastScan;
    return found & ALL_FLAGS;
  }
}
