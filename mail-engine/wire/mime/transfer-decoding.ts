/** Content-Transfer-Encoding undone (RFC 2045 §6), leniently: what is not of the encoding is passed over or kept as it is. */

export interface TransferDecoder {
  /** Bytes that `chunk` completes. */
  decode(chunk: Buffer): Buffer;
  /** What was held back at the end. */
  end(): Buffer;
}

const EMPTY = Buffer.alloc(0);

/** Decoder for a Content-Transfer-Encoding; identity for 7bit, 8bit, binary and unknown ones. */
export function createTransferDecoder(encoding: string): TransferDecoder {
  if (encoding === 'base64') return new Base64Decoder();
  if (encoding === 'quoted-printable') return new QuotedPrintableDecoder();
  return { decode: (chunk) => chunk, end: () => EMPTY };
}

export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
  const decoder = createTransferDecoder(encoding);
  const decoded = decoder.decode(bytes);
  const rest = decoder.end();
  return rest.length === 0 ? decoded : Buffer.concat([decoded, rest]);
}

class Base64Decoder implements TransferDecoder {
  private held = '';

  decode(chunk: Buffer): Buffer {
    const text = this.held + chunk.toString('latin1').replace(/[^A-Za-z0-9+/]+/g, '');
    const whole = text.length - (text.length % 4);
    this.held = text.slice(whole);
    return Buffer.from(text.slice(0, whole), 'base64');
  }

  end(): Buffer {
    const rest = Buffer.from(this.held, 'base64');
    this.held = '';
    return rest;
  }
}

const LF = 0x0a;
const CR = 0x0d;
const EQUALS = 0x3d;

function hexValue(code: number | undefined): number {
  if (code === undefined) return -1;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** White space before a line end and soft line breaks are removed (RFC 2045 §6.7 rules 3 and 5). */
class QuotedPrintableDecoder implements TransferDecoder {
  private held: Buffer = EMPTY;

  decode(chunk: Buffer): Buffer {
    const input = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const cut = heldFrom(input);
    this.held = Buffer.from(input.subarray(cut));
    return decodeLines(input.subarray(0, cut), false);
  }

  end(): Buffer {
    const rest = decodeLines(this.held, true);
    this.held = EMPTY;
    return rest;
  }
}

/** Blanks at the end of a chunk held back at most: they vanish where a line end follows. */
const MAX_HELD = 256;

/** Where an unfinished escape, soft break or run of blanks at the end begins; the input's length where there is none. */
function heldFrom(input: Buffer): number {
  let start = input.length;
  while (start > 0 && input.length - start < MAX_HELD && isBlankOrCr(input[start - 1])) start--;
  if (input[start - 1] === EQUALS) return start - 1;
  return start === input.length && input[start - 2] === EQUALS ? start - 2 : start;
}

function isBlankOrCr(code: number | undefined): boolean {
  return code === 0x20 || code === 0x09 || code === CR;
}

/** `final`: nothing follows, so an `=` at the very end is a soft break. */
function decodeLines(input: Buffer, final: boolean): Buffer {
  const output = Buffer.allocUnsafe(input.length);
  let size = 0;
  /** Output before this is no literal blank at the end of the line so far. */
  let kept = 0;
  for (let position = 0; position < input.length; position++) {
    const code = input[position] as number;
    if (code !== EQUALS) {
      if (code === LF) size = dropBlanks(output, kept, size);
      output[size++] = code;
      if (!isBlankOrCr(code)) kept = size;
      continue;
    }
    const high = hexValue(input[position + 1]);
    const low = hexValue(input[position + 2]);
    const lineEnd = softBreakEnd(input, position + 1, final);
    if (high >= 0 && low >= 0) {
      output[size++] = (high << 4) | low;
      position += 2;
    } else if (lineEnd === -1) output[size++] = code;
    else position = lineEnd - 1;
    kept = size;
  }
  return output.subarray(0, size);
}

/** Leaves of the blanks in [kept, size), which a line end follows, only the CR of that line end. */
function dropBlanks(output: Buffer, kept: number, size: number): number {
  if (size === kept || output[size - 1] !== CR) return kept;
  output[kept] = CR;
  return kept + 1;
}

/** Behind the line end of a soft break whose `=` was before `position`; -1 where it is no soft break. */
function softBreakEnd(input: Buffer, position: number, final: boolean): number {
  let end = position;
  while (input[end] === 0x20 || input[end] === 0x09) end++;
  if (end >= input.length) return final ? end : -1;
  if (input[end] === CR && input[end + 1] === LF) return end + 2;
  return input[end] === LF ? end + 1 : -1;
}
