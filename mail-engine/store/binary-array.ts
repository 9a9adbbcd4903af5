/**
 * PostgreSQL's binary array format, for parameters: a `Buffer` parameter is sent as it is, where the driver would spell an array
 * of byte strings out in hexadecimal. One dimension, `null` elements allowed.
 */

const OID = { bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, timestamptz: 1184, bool: 16 } as const;
/** Dimensions, has-null flag, element type, length, lower bound. */
const HEADER_BYTES = 20;
/** PostgreSQL counts time from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);

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

export function int4Array(values: readonly (number | null)[]): Buffer {
  return encodeFixed(OID.int4, 4, values, (target, value, offset) => target.writeInt32BE(value, offset));
}

export function int2Array(values: readonly (number | null)[]): Buffer {
  return encodeFixed(OID.int2, 2, values, (target, value, offset) => target.writeInt16BE(value, offset));
}

export function boolArray(values: readonly (boolean | null)[]): Buffer {
  return encodeFixed(OID.bool, 1, values, (target, value, offset) => target.writeUInt8(value ? 1 : 0, offset));
}

/** Whole milliseconds, as PostgreSQL's microseconds. */
export function timestampArray(values: readonly (Date | null)[]): Buffer {
  return encodeFixed(OID.timestamptz, 8, values, (target, value, offset) =>
    putInt64(target, (value.getTime() - EPOCH_MS) * 1000, offset),
  );
}

export function byteaArray(values: readonly (Uint8Array | null)[]): Buffer {
  let size = HEADER_BYTES;
  for (const value of values) size += 4 + (value?.length ?? 0);
  const target = Buffer.allocUnsafe(size);
  writeHeader(target, OID.bytea, values.length);
  let offset = HEADER_BYTES;
  for (const value of values) {
    target.writeInt32BE(value === null ? -1 : value.length, offset);
    offset += 4;
    if (value === null) continue;
    target.set(value, offset);
    offset += value.length;
  }
  return target;
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
