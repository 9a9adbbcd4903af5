/**
 * Rows in PostgreSQL's binary format, through `COPY (…) TO STDOUT (FORMAT binary)`: the driver decodes ordinary rows as text, which
 * doubles the bytes of a message on the wire. COPY takes no parameters, so only integers go into its text (`integer`).
 */
import type { Connection, Pool } from 'pg';

/** Signature, flags, length of the header extension. */
const HEADER_BYTES = 19;

export type BinaryRow = readonly (Buffer | null)[];

/** The only way a value gets into the text of a COPY. */
export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError('not an integer');
  return String(value);
}

export function integerArray(values: readonly number[]): string {
  return `'{${values.map(integer).join(',')}}'::bigint[]`;
}

export function readInt64(field: Buffer | null | undefined): number {
  if (!field) throw new TypeError('the column is null');
  return field.readInt32BE(0) * 0x1_0000_0000 + field.readUInt32BE(4);
}

/** One row, as it came in one message; undefined for the trailer. */
function parseRow(bytes: Buffer): BinaryRow | undefined {
  const count = bytes.readInt16BE(0);
  if (count < 0) return undefined;
  const row: (Buffer | null)[] = [];
  let offset = 2;
  for (let at = 0; at < count; at++) {
    const length = bytes.readInt32BE(offset);
    offset += 4;
    row.push(length < 0 ? null : bytes.subarray(offset, offset + length));
    offset += Math.max(0, length);
  }
  return row;
}

/** The driver's contract for a query that handles its own messages. */
class CopyOut {
  readonly rows: BinaryRow[] = [];
  readonly done: Promise<void>;
  readonly #text: string;
  #isFirst = true;
  #error: Error | undefined;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(text: string) {
    this.#text = text;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    connection.query(this.#text);
  }

  /** The bytes are the driver's and are reused by it. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    const bytes = Buffer.from(this.#isFirst ? chunk.subarray(HEADER_BYTES) : chunk);
    this.#isFirst = false;
    const row = parseRow(bytes);
    if (row) this.rows.push(row);
  }

  handleRowDescription(): void {
    this.#error = new Error('not a COPY');
  }

  handleDataRow(): void {
    this.#error = new Error('not a COPY');
  }

  handleCommandComplete(): void {
    // its end is ReadyForQuery
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#error) this.#reject(this.#error);
    else this.#resolve();
  }
}

/** `select` must hold no text that came from outside. */
export async function copyOut(pool: Pool, select: string): Promise<BinaryRow[]> {
  const client = await pool.connect();
  const copy = new CopyOut(`COPY (${select}) TO STDOUT (FORMAT binary)`);
  let broken: Error | undefined;
  try {
    client.query(copy);
    await copy.done;
    return copy.rows;
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}
