/** Base64 as a body (RFC 2045 §6.8): lines of 76 characters, each with its CRLF, out of bytes in pieces of any size. */

const LINE_BYTES = 57;
const LINE_CHARS = 76;

function encodeLines(bytes: Buffer): Buffer {
  const text = bytes.toString('base64');
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += LINE_CHARS) lines.push(text.slice(at, at + LINE_CHARS));
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1');
}

export class Base64Lines {
  /** Less than a line's worth. */
  #held: Buffer = Buffer.alloc(0);

  /** The lines that `bytes` completes. */
  encode(bytes: Buffer): Buffer {
    const input = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const whole = input.length - (input.length % LINE_BYTES);
    this.#held = Buffer.from(input.subarray(whole));
    return encodeLines(input.subarray(0, whole));
  }

  /** The last line, if any; ready for another body. */
  end(): Buffer {
    const rest = encodeLines(this.#held);
    this.#held = Buffer.alloc(0);
    return rest;
  }
}
