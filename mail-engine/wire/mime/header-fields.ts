/** Header access for readers: fields in order, and the HEADER.FIELDS selections of IMAP (RFC 9051 §6.4.5). */
import { HeaderCursor } from './header-cursor.ts';
import { readRawValue } from './header-value.ts';

export interface HeaderField {
  /** As spelt in the header. */
  name: string;
  /** Unfolded and trimmed, still encoded. */
  rawValue: string;
  /** Bytes of the whole field in the header, line end included. */
  start: number;
  end: number;
}

const MAX_FIELDS = 10_000;

/** Fields in order, up to the empty line; at most 10,000 of them. */
export function* readHeaderFields(header: Buffer): Generator<HeaderField> {
  const cursor = new HeaderCursor(header);
  for (let count = 0; count < MAX_FIELDS && cursor.advance(); count++) {
    yield {
      name: header.toString('latin1', cursor.start, cursor.nameEnd),
      rawValue: readRawValue(header, cursor.valueStart, cursor.end),
      start: cursor.start,
      end: cursor.end,
    };
  }
}

/** Raw values of all fields called `name`. */
export function findHeaderValues(header: Buffer, name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (const field of readHeaderFields(header)) {
    if (field.name.toLowerCase() === wanted) values.push(field.rawValue);
  }
  return values;
}

const EMPTY_LINE = Buffer.from('\r\n');

/** A header, walked once, for selections of its first 10,000 fields. */
export class HeaderFields {
  readonly #header: Buffer;
  /** Names in lower case. */
  readonly #fields: { name: string; start: number; end: number }[] = [];

  constructor(header: Buffer) {
    this.#header = header;
    const cursor = new HeaderCursor(header);
    while (this.#fields.length < MAX_FIELDS && cursor.advance()) {
      const name = header.toString('latin1', cursor.start, cursor.nameEnd).toLowerCase();
      this.#fields.push({ name, start: cursor.start, end: cursor.end });
    }
  }

  /**
   * BODY[HEADER.FIELDS (…)], with `not` BODY[HEADER.FIELDS.NOT (…)]: the fields whose names are among `names` (any case), with
   * their continuation lines, then the empty line.
   */
  select(names: readonly string[], not: boolean): Buffer {
    const wanted = new Set(names.map((name) => name.toLowerCase()));
    const pieces: Buffer[] = [];
    for (const { name, start, end } of this.#fields) {
      if (wanted.has(name) === not) continue;
      pieces.push(this.#header.subarray(start, end));
      if (this.#header[end - 1] !== 0x0a) pieces.push(EMPTY_LINE);
    }
    pieces.push(EMPTY_LINE);
    return Buffer.concat(pieces);
  }
}
