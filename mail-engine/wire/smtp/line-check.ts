/**
 * The line ends of what BDAT brings (RFC 3030 §2), where nothing is stuffed and the length says where it ends. The content is lines like
 * DATA's, but for bodies labelled binary (`wire/mime/binary-converter.ts`), and a bare CR or LF is refused just the same.
 */
import { CR, type DataProblem, findLineProblem, LF } from './line-ends.ts';

export class LineCheck {
  readonly #maxLineBytes: number;
  #afterCr = false;
  #lineBytes = 0;
  #problem: DataProblem | null = null;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  get problem(): DataProblem | null {
    return this.#problem;
  }

  check(chunk: Buffer): void {
    if (chunk.includes(0)) this.#problem ??= 'nul';
    let at = 0;
    while (at < chunk.length && this.#problem === null) {
      const lf = chunk.indexOf(LF, at);
      if (lf < 0) {
        this.#checkTail(chunk, at);
        return;
      }
      const problem = findLineProblem(chunk, at, lf, this.#afterCr);
      this.#count(lf + 1 - at);
      this.#problem ??= problem;
      this.#afterCr = false;
      this.#lineBytes = 0;
      at = lf + 1;
    }
  }

  /** What the last line lacks: `\r\n` where it was left open. A CR as the very last byte is bare. */
  finish(): Buffer {
    if (this.#afterCr) this.#problem ??= 'bare-cr';
    return Buffer.from(this.#lineBytes > 0 && this.#problem === null ? '\r\n' : '');
  }

  #checkTail(chunk: Buffer, at: number): void {
    this.#count(chunk.length - at);
    const cr = chunk.indexOf(CR, at);
    if (this.#afterCr || (cr >= 0 && cr < chunk.length - 1)) this.#problem ??= 'bare-cr';
    this.#afterCr = chunk[chunk.length - 1] === CR;
  }

  #count(bytes: number): void {
    this.#lineBytes += bytes;
    if (this.#lineBytes > this.#maxLineBytes) this.#problem ??= 'line-too-long';
  }
}
