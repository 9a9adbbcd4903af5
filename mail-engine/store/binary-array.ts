/**
 * PostgreSQL's binary array format, for parameters: a `Buffer` parameter is sent as it is, where the driver would spell an array
 * of byte strings out in hexadecimal. One dimension, `null` elements allowed.
 */

const OID = { int8: 20, int2: 21, text: 25 } as const;
/** Dimensions, has-null flag, element type, length, lower bound. */
const HEADER_BYTES = 20;

function writeHeader(target: Buffer, oid: number, length: number): void {
  target.writeInt32BE(1, 0);
  target.writeInt32BE(1, 4);
  target.writeInt32BE(oid, 8);
  target.writeInt32BE(length, 12);
  target.writeInt32BE(1, 16);
}

function encodeFixed<T>(
  oid: number,
  width: number,
  values: readonly (T | null)[],
  put: (target: Buffer, value: T, offset: number) => void,
): Buffer {
  const target = Buffer.allocUnsafe(HEADER_BYTES + values.length * (4 + width));
  writeHeader(target, oid, values.length);
  let offset = HEADER_BYTES;
  for (const value of values) {
    target.writeInt32BE(value === null ? -1 : width, offset);
    offset += 4;
    if (value === null) continue;
    put(target, value, offset);
    offset += width;
  }
  return target.subarray(0, offset);
}

function putInt64(target: Buffer, value: number, offset: number): void {
  target.writeInt32BE(Math.floor(value / 0x1_0000_0000), offset);
  target.writeUInt32BE(value >>> 0, offset + 4);
}

export function int8Array(values: readonly (number | null)[]): Buffer {
  return encodeFixed(OID.int8, 8, values, putInt64);
}

export function int2Array(values: readonly (number | null)[]): Buffer {
  return encodeFixed(OID.int2, 2, values, (target, value, offset) => target.writeInt16BE(value, offset));
}

/** NUL cannot be in PostgreSQL text: it is left out. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let size = HEADER_BYTES;
  const texts = values.map((value) => (value?.includes('\0') ? value.replaceAll('\0', '') : value));
  for (const text of texts) size += 4 + (text === null ? 0 : Buffer.byteLength(text));
  const target = Buffer.allocUnsafe(size);
  writeHeader(target, OID.text, values.length);
  let offset = HEADER_BYTES;
  for (const text of texts) {
    const start = offset + 4;
    const length = text === null ? 0 : target.write(text, start);
    target.writeInt32BE(text === null ? -1 : length, offset);
    offset = start + length;
  }
  return target;
}

/** `text[]` inside an array parameter: the array literal to be cast. */
export function arrayLiteral(values: readonly string[]): string {
  if (values.length === 0) return '{}';
  const quoted = values.map((value) => `"${value.replaceAll('\0', '').replace(/(["\\])/g, '\\$1')}"`);
  return `{${quoted.join(',')}}`;
}
