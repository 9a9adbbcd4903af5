/**
 * Builds what one round trip sends to PostgreSQL: messages of its extended query protocol, every parameter in binary format. Small
 * values are written into one buffer, which is used again and again; byte strings that are worth it are not copied but leave as
 * pieces of their own, so they must stay as they are until the round trip has ended.
 */

const OID = { bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, timestamptz: 1184, bool: 16 } as const;
/** Dimensions, has-null flag, element type, length, lower bound. */
const ARRAY_HEADER_BYTES = 20;
/** PostgreSQL counts time from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const FIRST_BYTES = 64 * 1024;
/** From here on a piece costs less than a copy. */
const PIECE_BYTES = 2048;
const BINARY = 1;

interface Cut {
  at: number;
  piece: Uint8Array;
}

/** A place in what has been written, from which a length is counted. */
interface Mark {
  at: number;
  pieceBytes: number;
}

export class ParameterWriter {
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #used = 0;
  #pieceBytes = 0;
  #cuts: Cut[] = [];

  /** Bytes the buffer has grown to. */
  get capacity(): number {
    return this.#buffer.length;
  }

  clear(): void {
    this.#used = 0;
    this.#pieceBytes = 0;
    this.#cuts = [];
  }

  /** What was written, in order. */
  pieces(): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    let from = 0;
    for (const { at, piece } of this.#cuts) {
      pieces.push(this.#buffer.subarray(from, at), piece);
      from = at;
    }
    pieces.push(this.#buffer.subarray(from, this.#used));
    return pieces;
  }

  /** Prepares a statement, in place of one of this name that a failed round trip may have left. */
  parse(name: string, text: string): void {
    const close = this.#begin('C');
    this.#cstring(`S${name}`);
    this.#end(close);
    const mark = this.#begin('P');
    this.#cstring(name);
    this.#cstring(text);
    this.#int16(0); // no parameter types given: PostgreSQL finds them
    this.#end(mark);
  }

  /** Bind and Execute of a prepared statement; `write` writes exactly `parameters` parameters. Rows come back as text. */
  run(name: string, parameters: number, write: (to: ParameterWriter) => void): void {
    const bind = this.#begin('B');
    this.#cstring('');
    this.#cstring(name);
    this.#int16(1);
    this.#int16(BINARY);
    this.#int16(parameters);
    write(this);
    this.#int16(0);
    this.#end(bind);
    const execute = this.#begin('E');
    this.#cstring('');
    this.#int32(0);
    this.#end(execute);
  }

  sync(): void {
    this.#end(this.#begin('S'));
  }

  int8s<T>(rows: readonly T[], of: (row: T) => number | null): void {
    this.#fixed(OID.int8, 8, rows, of, (value) => this.#int64(value));
  }

  int4s<T>(rows: readonly T[], of: (row: T) => number | null): void {
    this.#fixed(OID.int4, 4, rows, of, (value) => this.#int32(value));
  }

  int2s<T>(rows: readonly T[], of: (row: T) => number | null): void {
    this.#fixed(OID.int2, 2, rows, of, (value) => this.#int16(value));
  }

  bools<T>(rows: readonly T[], of: (row: T) => boolean | null): void {
    this.#fixed(OID.bool, 1, rows, of, (value) => {
      this.#buffer[this.#used++] = value ? 1 : 0;
    });
  }

  /** Whole milliseconds, as PostgreSQL's microseconds. */
  timestamps<T>(rows: readonly T[], of: (row: T) => Date | null): void {
    this.#fixed(OID.timestamptz, 8, rows, of, (value) => this.#int64((value.getTime() - EPOCH_MS) * 1000));
  }

  /** NUL cannot be in PostgreSQL text: it is left out. */
  texts<T>(rows: readonly T[], of: (row: T) => string | null): void {
    const mark = this.#beginArray(OID.text, rows.length);
    for (const row of rows) {
      const value = of(row);
      if (value === null) this.#int32(-1);
      else this.#text(value.includes('\0') ? value.replaceAll('\0', '') : value);
    }
    this.#endParameter(mark);
  }

  byteas<T>(rows: readonly T[], of: (row: T) => Uint8Array | null): void {
    const mark = this.#beginArray(OID.bytea, rows.length);
    for (const row of rows) {
      const value = of(row);
      this.#int32(value === null ? -1 : value.length);
      if (value !== null) this.#bytes(value);
    }
    this.#endParameter(mark);
  }

  /** Byte strings that are the UTF-8 of a text. */
  utf8Byteas<T>(rows: readonly T[], of: (row: T) => string): void {
    const mark = this.#beginArray(OID.bytea, rows.length);
    for (const row of rows) this.#text(of(row));
    this.#endParameter(mark);
  }

  #fixed<T, V>(
    oid: number,
    width: number,
    rows: readonly T[],
    of: (row: T) => V | null,
    put: (value: V) => void,
  ): void {
    const mark = this.#beginArray(oid, rows.length);
    this.#reserve(rows.length * (4 + width));
    for (const row of rows) {
      const value = of(row);
      this.#int32(value === null ? -1 : width);
      if (value !== null) put(value);
    }
    this.#endParameter(mark);
  }

  #beginArray(oid: number, length: number): Mark {
    const mark = this.#mark();
    this.#int32(0);
    this.#reserve(ARRAY_HEADER_BYTES);
    this.#int32(1);
    this.#int32(1);
    this.#int32(oid);
    this.#int32(length);
    this.#int32(1);
    return mark;
  }

  /** The length of a parameter does not count itself. */
  #endParameter(mark: Mark): void {
    this.#buffer.writeInt32BE(this.#since(mark) - 4, mark.at);
  }

  #begin(type: string): Mark {
    this.#reserve(5);
    this.#buffer[this.#used++] = type.charCodeAt(0);
    const mark = this.#mark();
    this.#int32(0);
    return mark;
  }

  /** The length of a message counts itself. */
  #end(mark: Mark): void {
    this.#buffer.writeInt32BE(this.#since(mark), mark.at);
  }

  #mark(): Mark {
    return { at: this.#used, pieceBytes: this.#pieceBytes };
  }

  #since({ at, pieceBytes }: Mark): number {
    return this.#used - at + this.#pieceBytes - pieceBytes;
  }

  #text(value: string): void {
    this.#reserve(4 + value.length * 3);
    const length = this.#buffer.write(value, this.#used + 4);
    this.#int32(length);
    this.#used += length;
  }

  #cstring(value: string): void {
    this.#reserve(value.length * 3 + 1);
    this.#used += this.#buffer.write(value, this.#used);
    this.#buffer[this.#used++] = 0;
  }

  #bytes(value: Uint8Array): void {
    if (value.length >= PIECE_BYTES) {
      this.#cuts.push({ at: this.#used, piece: value });
      this.#pieceBytes += value.length;
      return;
    }
    this.#reserve(value.length);
    this.#buffer.set(value, this.#used);
    this.#used += value.length;
  }

  #int64(value: number): void {
    this.#int32(Math.floor(value / 0x1_0000_0000));
    this.#int32(value | 0);
  }

  #int32(value: number): void {
    if (this.#used + 4 > this.#buffer.length) this.#reserve(4);
    const buffer = this.#buffer;
    let at = this.#used;
    buffer[at++] = value >>> 24;
    buffer[at++] = value >>> 16;
    buffer[at++] = value >>> 8;
    buffer[at++] = value;
    this.#used = at;
  }

  #int16(value: number): void {
    this.#reserve(2);
    this.#buffer[this.#used++] = value >>> 8;
    this.#buffer[this.#used++] = value;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#used + bytes));
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}
