/**
 * Walks the fields of a header without making strings. A field is its line and the continuation lines behind it; a line
 * with neither a name nor leading white space belongs to no field and is passed over; the empty line ends the walk.
 */

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;

export class HeaderCursor {
  private readonly bytes: Buffer;
  private next: number;
  private readonly limit: number;
  /** Bounds of the field found: name [start, nameEnd), value [valueStart, end), where `end` has the last line end in it. */
  start = 0;
  nameEnd = 0;
  valueStart = 0;
  end = 0;

  constructor(bytes: Buffer, start = 0, limit = bytes.length) {
    this.bytes = bytes;
    this.next = start;
    this.limit = limit;
  }

  /** False at the end of the header. */
  advance(): boolean {
    const { bytes, limit } = this;
    while (this.next < limit) {
      this.start = this.next;
      const first = bytes[this.start];
      if (first === LF || (first === CR && bytes[this.start + 1] === LF)) return false;
      this.end = this.next = this.fieldEnd(this.start);
      if (this.findName()) return true;
    }
    return false;
  }

  private fieldEnd(from: number): number {
    const { bytes, limit } = this;
    for (let position = from; ; ) {
      const lf = bytes.indexOf(LF, position);
      if (lf === -1 || lf + 1 >= limit) return limit;
      position = lf + 1;
      const code = bytes[position];
      if (code !== 0x20 && code !== 0x09) return position;
    }
  }

  /** `name:`; white space before the colon is obsolete syntax (RFC 5322 §4.5). */
  private findName(): boolean {
    const { bytes, end } = this;
    let position = this.start;
    for (; position < end; position++) {
      const code = bytes[position] as number;
      if (code <= 0x20 || code === COLON || code === 0x7f) break;
    }
    this.nameEnd = position;
    while (position < end && (bytes[position] === 0x20 || bytes[position] === 0x09)) position++;
    this.valueStart = position + 1;
    return this.nameEnd > this.start && bytes[position] === COLON;
  }
}
