/**
 * MD5 (RFC 1321) from and to its intermediate states, which node:crypto does not show. HMAC-MD5 (RFC 2104 §4) begins with one block
 * made of the key on each of its two levels: the states after those blocks are all that is needed of the key from then on.
 */
import { createHash } from 'node:crypto';

const BLOCK_BYTES = 64;
export const STATE_BYTES = 16;
const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) >>> 0);
const START = Buffer.from('0123456789abcdeffedcba9876543210', 'hex');

function mix(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d);
  if (round === 1) return (d & b) | (~d & c);
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d);
}

/** Which word of the block a step takes (RFC 1321 §3.4). */
function wordIndex(round: number, step: number): number {
  return ([step, 5 * step + 1, 3 * step + 5, 7 * step][round] ?? 0) % 16;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function compress(state: Buffer, block: Buffer): Buffer {
  const start = [0, 4, 8, 12].map((at) => state.readUInt32LE(at));
  let [a = 0, b = 0, c = 0, d = 0] = start;
  for (let step = 0; step < 64; step += 1) {
    const round = step >> 4;
    const word = block.readUInt32LE(4 * wordIndex(round, step));
    const sum = (a + mix(round, b, c, d) + word + (SINES[step] ?? 0)) | 0;
    [a, d, c, b] = [d, c, b, (b + rotateLeft(sum, SHIFTS[4 * round + (step % 4)] ?? 0)) | 0];
  }
  const next = Buffer.alloc(STATE_BYTES);
  for (const [index, value] of [a, b, c, d].entries()) {
    next.writeUInt32LE(((start[index] ?? 0) + value) >>> 0, 4 * index);
  }
  return next;
}

/** Goes on from the state after one block to the digest of that block and `rest`. */
function digestFrom(state: Buffer, rest: Buffer): Buffer {
  const used = (rest.length + 9) % BLOCK_BYTES;
  const padding = Buffer.alloc(9 + (used === 0 ? 0 : BLOCK_BYTES - used));
  padding[0] = 0x80;
  padding.writeBigUInt64LE(BigInt(BLOCK_BYTES + rest.length) * 8n, padding.length - 8);
  const padded = Buffer.concat([rest, padding]);
  let current = state;
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) {
    current = compress(current, padded.subarray(at, at + BLOCK_BYTES));
  }
  return current;
}

export interface HmacMd5States {
  inner: Buffer;
  outer: Buffer;
}

export function hmacMd5States(key: Buffer): HmacMd5States {
  const block = Buffer.alloc(BLOCK_BYTES);
  (key.length > BLOCK_BYTES ? createHash('md5').update(key).digest() : key).copy(block);
  const stateFor = (pad: number) => compress(START, Buffer.from(block.map((byte) => byte ^ pad)));
  return { inner: stateFor(0x36), outer: stateFor(0x5c) };
}

export function hmacMd5({ inner, outer }: HmacMd5States, text: Buffer): Buffer {
  return digestFrom(outer, digestFrom(inner, text));
}
