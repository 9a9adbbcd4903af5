/** Boundary delimiter lines (RFC 2046 §5.1.1). */

const DASH = 0x2d;

/** Longer ones make a multipart opaque; RFC 2046 allows 70 characters. */
export const MAX_BOUNDARY_LENGTH = 2048;

export type BoundaryMatch = 'none' | 'delimiter' | 'close';

/**
 * Compares the line [start, end) of `bytes` (line end included) with `--boundary`. Nothing but white space may follow, so a
 * boundary that begins with another one never matches it.
 */
export function matchBoundary(bytes: Buffer, start: number, end: number, boundary: Buffer): BoundaryMatch {
  const tail = start + 2 + boundary.length;
  if (tail > end || bytes[start] !== DASH || bytes[start + 1] !== DASH) return 'none';
  if (bytes.compare(boundary, 0, boundary.length, start + 2, tail) !== 0) return 'none';
  if (isBlank(bytes, tail, end)) return 'delimiter';
  const closed = bytes[tail] === DASH && bytes[tail + 1] === DASH && tail + 2 <= end;
  return closed && isBlank(bytes, tail + 2, end) ? 'close' : 'none';
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let position = start; position < end; position++) {
    const code = bytes[position];
    if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== 0x0a) return false;
  }
  return true;
}
