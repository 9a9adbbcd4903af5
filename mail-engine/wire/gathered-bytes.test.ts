import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { GatheredBytes } from './gathered-bytes.ts';
import { BoundedCommand } from './imap/bounded-command.ts';
import { Capture } from './mime/capture.ts';
import { SubmittedHeader } from './smtp/submitted-header.ts';

afterEach(() => vi.restoreAllMocks());

test('any pieces give what they are together, and what was given stays as it is', () => {
  const piece = fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.array(piece), fc.array(piece), (before, after) => {
      const gathered = new GatheredBytes();
      for (const bytes of before) gathered.push(bytes);
      const given = gathered.bytes;
      expect(given.equals(Buffer.concat(before))).toBe(true);
      for (const bytes of after) gathered.push(bytes);
      expect(gathered.bytes.equals(Buffer.concat([...before, ...after]))).toBe(true);
      expect(gathered.length).toBe(gathered.bytes.length);
      gathered.clear();
      expect(gathered.length).toBe(0);
      for (const bytes of after) gathered.push(bytes);
      expect(gathered.bytes.equals(Buffer.concat(after))).toBe(true);
      expect(given.equals(Buffer.concat(before))).toBe(true);
    }),
  );
});

const SIZE = 200 * 1024;
const BYTE = Buffer.from('x');

/** How many buffers are made while `SIZE` single bytes are taken in. */
function buffersMade(take: (byte: Buffer, at: number) => void): number {
  const made = [vi.spyOn(Buffer, 'allocUnsafe'), vi.spyOn(Buffer, 'from'), vi.spyOn(Buffer, 'concat')];
  for (let at = 0; at < SIZE; at += 1) take(BYTE, at);
  return made.reduce((count, { mock }) => count + mock.calls.length, 0);
}

test('single bytes cost no buffer each', () => {
  const gathered = new GatheredBytes();
  expect(buffersMade((byte) => gathered.push(byte))).toBeLessThan(30);
  expect(gathered.bytes.buffer.byteLength).toBeLessThanOrEqual(2 * SIZE);
});

test('nor in the header that is looked at for its structure', () => {
  const capture = new Capture(2 * SIZE);
  capture.begin(0);
  expect(buffersMade((byte, at) => capture.feed(byte, at))).toBeLessThan(30);
  expect(capture.take(SIZE, Buffer.alloc(0), SIZE)).toHaveLength(SIZE);
});

test('nor in the header of a submission', () => {
  const header = new SubmittedHeader();
  expect(buffersMade((byte) => header.push(byte))).toBeLessThan(30);
  header.finish();
  expect(header.problem?.text).toBe('Line 1 of the header is no field');
});

test('no piece of a command of IMAP is kept, however many there are', () => {
  const command = new BoundedCommand({ lineBytes: 100, commandBytes: 2 * SIZE });
  const piece = Buffer.alloc(1);
  const take = (_: Buffer, at: number) => {
    piece[0] = at % 251;
    command.takeLiteral(piece);
  };
  expect(buffersMade(take)).toBeLessThan(30);
  expect(command.bytes.equals(Buffer.from(Array.from({ length: SIZE }, (_, at) => at % 251)))).toBe(true);
});
