/** What TOP sends of a message (RFC 1939 §7): the header, the empty line, and the first lines of the body. */
const LF = 0x0a;
const CR = 0x0d;

export class TopLines {
  #bodyLines: number;
  #inBody = false;
  /** Bytes of the line under way, and whether they are all CR: an empty line ends the header. */
  #lineIsEmpty = true;

  constructor(bodyLines: number) {
    this.#bodyLines = bodyLines;
  }

  get done(): boolean {
    return this.#inBody && this.#bodyLines <= 0;
  }

  /** The part of `chunk` that belongs to it. */
  take(chunk: Buffer): Buffer {
    let at = 0;
    while (at < chunk.length && !this.done) {
      const lf = chunk.indexOf(LF, at);
      const end = lf < 0 ? chunk.length : lf;
      this.#lineIsEmpty &&= end === at || (end === at + 1 && chunk[at] === CR);
      at = lf < 0 ? chunk.length : lf + 1;
      if (lf >= 0) this.#endLine();
    }
    return chunk.subarray(0, at);
  }

  #endLine(): void {
    if (this.#inBody) this.#bodyLines -= 1;
    else if (this.#lineIsEmpty) this.#inBody = true;
    this.#lineIsEmpty = true;
  }
}
