/**
 * A constant database (cdb) in memory, byte for byte as cdbmake writes it: 256 table pointers, the records in the order given, then
 * the hash tables, each twice as large as its records, filled in order by linear probing. Numbers are little-endian, 32 bits.
 *
 * Keys may repeat: a look-up finds the first. Refused: what would not fit into 4 GiB.
 */
import { cdbHash } from './hash.ts';

export interface CdbRecord {
  key: Uint8Array;
  data: Uint8Array;
}

const TABLES = 256;
const POINTERS_BYTES = TABLES * 8;
const MAX_BYTES = 0xffff_ffff;

interface Slot {
  hash: number;
  position: number;
}

/** Writes the records and says where they are, by hash table. */
function writeRecords(file: Buffer, records: readonly CdbRecord[]): Slot[][] {
  const tables: Slot[][] = Array.from({ length: TABLES }, () => []);
  let position = POINTERS_BYTES;
  for (const { key, data } of records) {
    const hash = cdbHash(key);
    tables[hash % TABLES]?.push({ hash, position });
    file.writeUInt32LE(key.length, position);
    file.writeUInt32LE(data.length, position + 4);
    file.set(key, position + 8);
    file.set(data, position + 8 + key.length);
    position += 8 + key.length + data.length;
  }
  return tables;
}

function writeTable(file: Buffer, start: number, slots: readonly Slot[]): void {
  const length = slots.length * 2;
  for (const { hash, position } of slots) {
    let place = (hash >>> 8) % length;
    while (file.readUInt32LE(start + place * 8 + 4) !== 0) place = (place + 1) % length;
    file.writeUInt32LE(hash, start + place * 8);
    file.writeUInt32LE(position, start + place * 8 + 4);
  }
}

export function writeCdb(records: readonly CdbRecord[]): Buffer {
  const recordBytes = records.reduce((sum, { key, data }) => sum + 8 + key.length + data.length, 0);
  const size = POINTERS_BYTES + recordBytes + records.length * 16;
  if (size > MAX_BYTES) throw new RangeError('a cdb holds less than 4 GiB');
  const file = Buffer.alloc(size);
  let start = POINTERS_BYTES + recordBytes;
  for (const [index, slots] of writeRecords(file, records).entries()) {
    file.writeUInt32LE(start, index * 8);
    file.writeUInt32LE(slots.length * 2, index * 8 + 4);
    writeTable(file, start, slots);
    start += slots.length * 16;
  }
  return file;
}
