/**
 * What follows 354 (RFC 5321 §4.1.1.4, §4.5.2) as a state machine over chunks of any size. Only CRLF "." CRLF ends the data; a
 * bare LF or a bare CR is a transition of its own that spoils the message but never ends it, so no sequence of CR, LF and
 * period can make this server see an end where another saw none, or the other way round (SMTP smuggling).
 *
 *   state      | CR        | LF        | "."       | other
 *   lineStart  | cr        | bare LF   | dot       | text
 *   dot        | dotCr     | bare LF   | text      | text       the period itself is dropped
 *   dotCr      | bare CR   | END       | bare CR   | bare CR
 *   text       | cr        | bare LF   | text      | text
 *   cr         | bare CR   | lineStart | bare CR   | bare CR
 *
 * `bare LF` goes on in text; `bare CR` goes on in cr when the byte is a CR itself, else in text.
 *
 * Lines may be up to `maxLineBytes` long: the 1000 of RFC 5321 §4.5.3.1.6 are what must be accepted, and senders that never
 * fold (HTML in one line) are common; the bound keeps a line from being unlimited.
 *
 * The machine steps per line and not per byte. A chunk without a bare line end and without a NUL, as nearly all are, is known to be so
 * from one scan, and only its line starts and line lengths are left to look at; in any other chunk each line is looked into.
 */
import { BARE_CR, BARE_LF, LineScan, NUL } from '../line-scan/line-scan.ts';
import { CR, type DataProblem, DOT, findLineProblem, LF } from './line-ends.ts';

const SUSPICIOUS = BARE_LF | BARE_CR | NUL;

type State = 'lineStart' | 'dot' | 'dotCr' | 'text' | 'cr';

export class DataDecoder {
  readonly #maxLineBytes: number;
  #state: State = 'lineStart';
  #lineBytes = 0;
  #problem: DataProblem | null = null;
  #isInDoubt = false;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The first thing found wrong; from then on nothing is emitted any more. */
  get problem(): DataProblem | null {
    return this.#problem;
  }

  /** True from the first bare CR, bare LF or NUL on, whatever was found before: another server may see another end of the data. */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  /**
   * Emits the message's bytes of `chunk` (slices, not copies). Returns how many bytes of `chunk` belong to the data where its end
   * was found, undefined where more must come.
   */
  decode(chunk: Buffer, emit: (content: Buffer) => void): number | undefined {
    const scan = new LineScan(chunk, this.#state === 'cr' || this.#state === 'dotCr');
    const isClean = (scan.flags & SUSPICIOUS) === 0;
    let at = 0;
    let kept = 0;
    while (at < chunk.length) {
      if (this.#state === 'lineStart' && chunk[at] === DOT) {
        this.#emit(chunk.subarray(kept, at), isClean, emit);
        kept = ++at;
        this.#state = 'dot';
      } else if (this.#state === 'dot' || this.#state === 'dotCr') {
        if (this.#stepAfterDot(chunk[at] as number)) return at + 1;
        if (this.#state === 'dotCr') kept = ++at;
      } else at = isClean ? this.#stepCleanLine(chunk, at, scan.next()) : this.#stepLine(chunk, at);
    }
    this.#emit(chunk.subarray(kept, at), isClean, emit);
    return undefined;
  }

  /** True at the end of the data. Leaves `dot` or `dotCr` for `text` without taking the byte, except a CR after the period. */
  #stepAfterDot(byte: number): boolean {
    if (this.#state === 'dotCr') {
      if (byte === LF) return true;
      this.#spoil('bare-cr');
      this.#state = byte === CR ? 'cr' : 'text';
      return false;
    }
    this.#state = byte === CR ? 'dotCr' : 'text';
    return false;
  }

  /** From `at` to the end of the line, at `lf`, or of the chunk, where `lf` is negative; nothing in the chunk is bare. */
  #stepCleanLine(chunk: Buffer, at: number, lf: number): number {
    const end = lf < 0 ? chunk.length : lf + 1;
    this.#countLine(end - at);
    if (lf < 0) this.#state = chunk[end - 1] === CR ? 'cr' : 'text';
    else {
      this.#state = 'lineStart';
      this.#lineBytes = 0;
    }
    return end;
  }

  /** From `at` to the end of the line or of the chunk, whatever is in it. */
  #stepLine(chunk: Buffer, at: number): number {
    const afterCr = this.#state === 'cr';
    const lf = chunk.indexOf(LF, at);
    if (lf < 0) {
      this.#stepTail(chunk, at, afterCr);
      return chunk.length;
    }
    const problem = findLineProblem(chunk, at, lf, afterCr);
    this.#countLine(lf + 1 - at);
    if (problem !== null) this.#spoil(problem);
    const closed = lf > at ? chunk[lf - 1] === CR : afterCr;
    this.#state = closed ? 'lineStart' : 'text';
    if (closed) this.#lineBytes = 0;
    return lf + 1;
  }

  /** The rest of a chunk, without LF: every CR but one as the very last byte is bare. */
  #stepTail(chunk: Buffer, at: number, afterCr: boolean): void {
    this.#countLine(chunk.length - at);
    const cr = chunk.indexOf(CR, at);
    if (afterCr || (cr >= 0 && cr < chunk.length - 1)) this.#spoil('bare-cr');
    this.#state = chunk[chunk.length - 1] === CR ? 'cr' : 'text';
  }

  #countLine(bytes: number): void {
    this.#lineBytes += bytes;
    if (this.#lineBytes > this.#maxLineBytes) this.#spoil('line-too-long');
  }

  #spoil(problem: DataProblem): void {
    this.#problem ??= problem;
    if (problem !== 'line-too-long') this.#isInDoubt = true;
  }

  #emit(content: Buffer, isClean: boolean, emit: (content: Buffer) => void): void {
    if (content.length === 0) return;
    if (!isClean && content.includes(0)) this.#spoil('nul');
    if (this.#problem === null) emit(content);
  }
}
