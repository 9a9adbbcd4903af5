/**
 * The one rule of line ends (RFC 5321 §2.3.8): CR and LF appear only together. What breaks it is named and refused, never
 * repaired: a repaired line end is how one message is smuggled inside another. NUL is no part of a line either (RFC 2045 §2.7, §2.8):
 * servers that leave it out would see a line end where others see none.
 */
export type DataProblem = 'bare-lf' | 'bare-cr' | 'nul' | 'line-too-long';

export const CR = 0x0d;
export const LF = 0x0a;
export const DOT = 0x2e;

/**
 * Looks at the line of `chunk` that begins at `from` and ends with the LF at `lf`: what is wrong inside it, if anything.
 * `afterCr`: the byte before `from` was a CR (of an earlier chunk).
 */
export function findLineProblem(chunk: Buffer, from: number, lf: number, afterCr: boolean): DataProblem | null {
  if (afterCr) return lf === from ? null : 'bare-cr';
  const cr = chunk.indexOf(CR, from);
  if (cr === lf - 1 && lf > from) return null;
  return cr >= 0 && cr < lf ? 'bare-cr' : 'bare-lf';
}
