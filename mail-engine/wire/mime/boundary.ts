/** Boundary delimiter lines (RFC 2046 §5.1.1) of the multiparts open at one point. */

/** Longer ones make a multipart opaque; RFC 2046 allows 70 characters. */
export const MAX_BOUNDARY_LENGTH = 2048;

const DASH = 0x2d;

export interface BoundaryMatch {
  /** Stack index of the multipart whose boundary it is. */
  index: number;
  kind: 'delimiter' | 'close';
}

/**
 * Boundaries by their bytes, so that a line costs the same however many multiparts are open. Nothing but white space may
 * follow a boundary on its line, so one that begins with another never matches it.
 */
export class OpenBoundaries {
  /** Stack indexes of the multiparts that use the boundary, innermost last. */
  private readonly owners = new Map<string, number[]>();
  size = 0;

  open(boundary: Buffer, index: number): void {
    const key = boundary.toString('latin1');
    const owners = this.owners.get(key);
    if (owners === undefined) this.owners.set(key, [index]);
    else owners.push(index);
    this.size++;
  }

  /** Ends the innermost use of `boundary`. */
  close(boundary: Buffer): void {
    const key = boundary.toString('latin1');
    const owners = this.owners.get(key);
    owners?.pop();
    if (owners?.length === 0) this.owners.delete(key);
    this.size--;
  }

  /** The line [start, end) of `bytes`, line end included, as the boundary of the innermost multipart that it can be of. */
  match(bytes: Buffer, start: number, end: number): BoundaryMatch | undefined {
    if (end - start < 3 || bytes[start + 1] !== DASH) return undefined;
    const tail = trimmedEnd(bytes, start, end);
    const delimited = this.innermost(bytes, start + 2, tail);
    const dashed = tail - start >= 5 && bytes[tail - 1] === DASH && bytes[tail - 2] === DASH;
    const closed = dashed ? this.innermost(bytes, start + 2, tail - 2) : -1;
    if (delimited === -1 && closed === -1) return undefined;
    return delimited > closed ? { index: delimited, kind: 'delimiter' } : { index: closed, kind: 'close' };
  }

  private innermost(bytes: Buffer, start: number, end: number): number {
    return this.owners.get(bytes.toString('latin1', start, end))?.at(-1) ?? -1;
  }
}

/** Transport padding and the line end are not of the boundary. */
function trimmedEnd(bytes: Buffer, start: number, end: number): number {
  let tail = end;
  while (tail > start) {
    const code = bytes[tail - 1];
    if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== 0x0a) break;
    tail--;
  }
  return tail;
}
