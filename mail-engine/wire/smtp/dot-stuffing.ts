/**
 * The transparency procedure of DATA (RFC 5321 §4.5.2), over chunks of any size: a period that starts a line is doubled,
 * and the end of data closes with CRLF, period, CRLF. A period is doubled after a bare LF as well, so that no server, however
 * it counts lines, sees an end of data inside a message.
 */
const LF = 0x0a;
const DOT = 0x2e;
const LF_DOT = Buffer.from('\n.');
const STUFFED = Buffer.from('.');

export class DotStuffer {
  /** The last two bytes seen; a message starts at the start of a line. */
  #last = LF;
  #beforeLast = 0x0d;

  /** `chunk` as slices with the doubled periods between them; nothing is copied. */
  stuff(chunk: Buffer): Buffer[] {
    if (chunk.length === 0) return [];
    const pieces: Buffer[] = [];
    let start = 0;
    if (this.#last === LF && chunk[0] === DOT) pieces.push(STUFFED);
    for (let at = chunk.indexOf(LF_DOT); at >= 0; at = chunk.indexOf(LF_DOT, at + 1)) {
      pieces.push(chunk.subarray(start, at + 1), STUFFED);
      start = at + 1;
    }
    pieces.push(chunk.subarray(start));
    this.#beforeLast = chunk.at(-2) ?? this.#last;
    this.#last = chunk.at(-1) ?? this.#last;
    return pieces;
  }

  /** What ends the data: the CRLF the message lacks, if any, and the period. */
  end(): Buffer {
    const closed = this.#last === LF && this.#beforeLast === 0x0d;
    return Buffer.from(closed ? '.\r\n' : '\r\n.\r\n');
  }
}
