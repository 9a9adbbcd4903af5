/**
 * Reads a constant database (cdb) that somebody else may have written: every position and length is checked against the file, so a
 * broken one is refused (RangeError) and never read beyond.
 */
import { cdbHash } from './hash.ts';
import type { CdbRecord } from './write-cdb.ts';

const POINTERS_BYTES = 2048;

function requireWithin(file: Buffer, position: number, length: number): void {
  if (position + length > file.length) throw new RangeError('This is not a cdb file, or it is damaged.');
}

function readRecord(file: Buffer, position: number): CdbRecord & { end: number } {
  requireWithin(file, position, 8);
  const keyLength = file.readUInt32LE(position);
  const dataLength = file.readUInt32LE(position + 4);
  const data = position + 8 + keyLength;
  requireWithin(file, data, dataLength);
  return {
    key: file.subarray(position + 8, data),
    data: file.subarray(data, data + dataLength),
    end: data + dataLength,
  };
}

/** All records, in the order they were put in. */
export function readCdb(file: Buffer): CdbRecord[] {
  requireWithin(file, 0, POINTERS_BYTES);
  // The first table stands right behind the records, empty or not.
  const end = file.readUInt32LE(0);
  requireWithin(file, 0, end);
  const records: CdbRecord[] = [];
  for (let position = POINTERS_BYTES; position < end; ) {
    const record = readRecord(file, position);
    records.push({ key: record.key, data: record.data });
    position = record.end;
  }
  return records;
}

/** The data of the first record with this key. */
export function findInCdb(file: Buffer, key: Uint8Array): Buffer | undefined {
  requireWithin(file, 0, POINTERS_BYTES);
  const hash = cdbHash(key);
  const start = file.readUInt32LE((hash % 256) * 8);
  const length = file.readUInt32LE((hash % 256) * 8 + 4);
  requireWithin(file, start, length * 8);
  for (let step = 0; step < length; step += 1) {
    const slot = start + (((hash >>> 8) + step) % length) * 8;
    const position = file.readUInt32LE(slot + 4);
    if (position === 0) return undefined;
    if (file.readUInt32LE(slot) !== hash) continue;
    const record = readRecord(file, position);
    if (Buffer.compare(record.key, key) === 0) return Buffer.from(record.data);
  }
  return undefined;
}
