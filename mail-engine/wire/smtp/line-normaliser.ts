/**
 * What leaves by SMTP is lines (RFC 5321 §2.3.8), whatever was stored: every bare CR and every bare LF becomes CRLF, and NUL, which no line
 * has and some servers drop, is dropped here. So no sequence goes out that one server takes for a line's end, or the message's, and
 * another does not; the period is doubled after this (`dot-stuffing.ts`). Clean chunks pass uncopied.
 */
import { CR, findLineProblem, LF } from './line-ends.ts';

const CR_BYTES = Buffer.from('\r');

function isClean(bytes: Buffer): boolean {
  let at = 0;
  for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, at)) {
    if (findLineProblem(bytes, at, lf, false) !== null) return false;
    at = lf + 1;
  }
  return bytes.indexOf(CR, at) < 0;
}

function withoutNul(bytes: Buffer): Buffer {
  return bytes.includes(0) ? Buffer.from(bytes.toString('latin1').replaceAll('\0', ''), 'latin1') : bytes;
}

function repair(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n'), 'latin1');
}

export class LineNormaliser {
  /** The last byte was a CR, whose LF may come. */
  #afterCr = false;

  normalise(chunk: Buffer): Buffer {
    const content = withoutNul(chunk);
    if (content.length === 0) return content;
    const input = this.#afterCr ? Buffer.concat([CR_BYTES, content]) : content;
    this.#afterCr = input[input.length - 1] === CR;
    const whole = this.#afterCr ? input.subarray(0, -1) : input;
    return isClean(whole) ? whole : repair(whole);
  }

  /** What a CR as the very last byte becomes. */
  end(): Buffer {
    return Buffer.from(this.#afterCr ? '\r\n' : '');
  }
}
