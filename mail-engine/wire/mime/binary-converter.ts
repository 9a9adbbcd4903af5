/**
 * Makes a binary message (BODY=BINARYMIME, RFC 3030 §3) one of lines: every body labelled `Content-Transfer-Encoding: binary` becomes
 * base64 of the very same octets, the label follows, and everything else passes as it is. So what is stored has only lines, and no
 * reader and no next hop needs to know of binary.
 *
 * Streams: held are a header (bounded), a line that may be a boundary, and less than a line of base64. Refused (`problem`): what is not
 * lines where it has to be (headers, and bodies not labelled binary), a header or nesting beyond the bounds, a part that begins before
 * another's header has ended.
 */
import { GatheredBytes } from '../gathered-bytes.ts';
import { LineCheck } from '../smtp/line-check.ts';
import type { DataProblem } from '../smtp/line-ends.ts';
import { Base64Lines } from './base64-lines.ts';
import { MAX_BOUNDARY_LENGTH, OpenBoundaries } from './boundary.ts';
import { type ConvertedHeader, convertHeader } from './convert-header.ts';

type Emit = (content: Buffer) => void;
export type BinaryProblem = DataProblem | 'broken-mime';

const MAX_HEADER = 128 * 1024;
const MAX_DEPTH = 64;
/** A boundary with its dashes and transport padding; a longer line is none. */
const MAX_CANDIDATE = MAX_BOUNDARY_LENGTH + 256;

const CRLF = Buffer.from('\r\n');
const HEADER_END = Buffer.from('\r\n\r\n');
const DELIMITER_START = Buffer.from('\r\n--');
const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;
const EMPTY: Buffer = Buffer.alloc(0);

interface OpenMultipart {
  boundary: Buffer;
  digest: boolean;
}

export class BinaryConverter {
  readonly #lines: LineCheck;
  readonly #base64 = new Base64Lines();
  readonly #boundaries = new OpenBoundaries();
  readonly #stack: OpenMultipart[] = [];
  #mode: 'header' | 'lines' | 'binary' = 'header';
  /** The header to come is a message's, not a body part's; a body part's default type is message/rfc822. */
  #isMessage = true;
  #inDigest = false;
  /** At the start of a line of the body. */
  #atLineStart = true;
  readonly #held = new GatheredBytes();
  /** So much of what is held has no end of a header. */
  #searched = 0;
  #broken = false;

  constructor(maxLineBytes: number) {
    this.#lines = new LineCheck(maxLineBytes);
  }

  get problem(): BinaryProblem | null {
    return this.#lines.problem ?? (this.#broken ? 'broken-mime' : null);
  }

  push(chunk: Buffer, emit: Emit): void {
    const wasHeld = this.#held.length > 0;
    if (wasHeld) this.#held.push(chunk);
    const input = wasHeld ? this.#held.bytes : chunk;
    const rest = this.#convert(input, emit, false);
    if (wasHeld && rest.length === input.length) return;
    this.#held.clear();
    this.#held.push(rest);
  }

  /** The end of the message: what was held back, and a CRLF where the last line has none. */
  finish(emit: Emit): void {
    this.#convert(this.#held.bytes, emit, true);
    this.#held.clear();
    if (this.problem !== null) return;
    emit(this.#base64.end());
    const missing = this.#lines.finish();
    if (this.problem === null) emit(missing);
  }

  /** What more must come for. */
  #convert(input: Buffer, emit: Emit, final: boolean): Buffer {
    let rest = input;
    for (let taken = -1; taken !== 0 && rest.length > 0 && this.problem === null; rest = rest.subarray(taken)) {
      taken = this.#step(rest, emit, final);
    }
    return rest;
  }

  /** How many bytes of `input` were dealt with; 0 where more must come first. */
  #step(input: Buffer, emit: Emit, final: boolean): number {
    if (this.#mode === 'header') return this.#takeHeader(input, emit, final);
    return this.#mode === 'binary' ? this.#takeBinary(input, emit, final) : this.#takeLine(input, emit, final);
  }

  #takeHeader(input: Buffer, emit: Emit, final: boolean): number {
    const end = this.#findHeaderEnd(input);
    const complete = end >= 0;
    const length = complete ? end : input.length;
    if (length > MAX_HEADER || (complete && this.#hasBoundary(input, length))) this.#broken = true;
    if (this.#broken || (!complete && !final)) return 0;
    const header = input.subarray(0, length);
    this.#lines.check(header);
    if (this.problem === null) this.#beginBody(convertHeader(header, this.#isMessage, this.#inDigest), emit);
    return length;
  }

  /** Behind the empty line, -1 where it has not come yet. Nothing is searched twice, however slowly a header comes. */
  #findHeaderEnd(input: Buffer): number {
    if (input[0] === CR && input[1] === LF) return CRLF.length;
    const at = input.indexOf(HEADER_END, this.#searched);
    this.#searched = at < 0 ? Math.max(0, input.length - HEADER_END.length + 1) : 0;
    return at < 0 ? -1 : at + HEADER_END.length;
  }

  #hasBoundary(input: Buffer, end: number): boolean {
    if (this.#stack.length === 0) return false;
    for (let at = 0; at < end; at = input.indexOf(CRLF, at) + CRLF.length) {
      const lineEnd = input.indexOf(CRLF, at) + CRLF.length;
      if (input[at] === DASH && this.#boundaries.match(input, at, lineEnd)) return true;
    }
    return false;
  }

  #beginBody({ header, body }: ConvertedHeader, emit: Emit): void {
    emit(header);
    this.#atLineStart = true;
    this.#mode = body.kind === 'message' ? 'header' : body.kind === 'binary' ? 'binary' : 'lines';
    this.#isMessage = body.kind === 'message';
    this.#inDigest = false;
    if (body.kind !== 'multipart') return;
    const { boundary, digest } = body;
    this.#boundaries.open(boundary, this.#stack.length);
    this.#stack.push({ boundary, digest });
    if (this.#stack.length > MAX_DEPTH) this.#broken = true;
  }

  /** A line, or as much of it as there is. */
  #takeLine(input: Buffer, emit: Emit, final: boolean): number {
    const end = input.indexOf(CRLF);
    const open = final || input.at(-1) !== CR ? input.length : input.length - 1;
    const length = end < 0 ? open : end + CRLF.length;
    const candidate = this.#atLineStart && input[0] === DASH && this.#stack.length > 0;
    if (candidate && end < 0 && !final && input.length <= MAX_CANDIDATE) return 0;
    if (candidate && this.#takeBoundary(input, 0, length, emit)) return length;
    const line = input.subarray(0, length);
    this.#lines.check(line);
    if (this.problem === null) emit(line);
    this.#atLineStart = end >= 0;
    return length;
  }

  /** Octets up to what may be a boundary's line, whose own CRLF is before it (RFC 2046 §5.1.1). */
  #takeBinary(input: Buffer, emit: Emit, final: boolean): number {
    if (this.#stack.length === 0) return this.#encode(input, input.length, emit);
    const first = this.#atLineStart && input[0] === DASH;
    const start = first ? 0 : input.indexOf(DELIMITER_START);
    if (start < 0) return this.#encode(input, final ? input.length : safeLength(input), emit);
    if (start > 0) return this.#encode(input, start, emit);
    const lineStart = first ? 0 : CRLF.length;
    const end = input.indexOf(CRLF, lineStart);
    if (end < 0 && !final && input.length <= MAX_CANDIDATE) return 0;
    const length = end < 0 ? input.length : end + CRLF.length;
    if (this.#takeBoundary(input, lineStart, length, emit)) return length;
    return this.#encode(input, first ? 1 : DELIMITER_START.length, emit);
  }

  #encode(input: Buffer, length: number, emit: Emit): number {
    if (length === 0) return 0;
    this.#atLineStart = false;
    emit(this.#base64.encode(input.subarray(0, length)));
    return length;
  }

  /** The line of [start, end) where it is a boundary's: the parts inside end, and the next begins or none does. */
  #takeBoundary(input: Buffer, start: number, end: number, emit: Emit): boolean {
    const match = end - start > MAX_CANDIDATE ? undefined : this.#boundaries.match(input, start, end);
    const owner = match && this.#stack[match.index];
    if (!owner) return false;
    emit(this.#base64.end());
    const line = input.subarray(start, end);
    this.#lines.check(line);
    if (this.problem === null) emit(line);
    const kept = match.kind === 'close' ? match.index : match.index + 1;
    while (this.#stack.length > kept) this.#boundaries.close(this.#stack.pop()?.boundary ?? EMPTY);
    this.#mode = match.kind === 'close' ? 'lines' : 'header';
    this.#isMessage = false;
    this.#inDigest = owner.digest;
    this.#atLineStart = true;
    return true;
  }
}

/** How much of `input` cannot be the beginning of a delimiter that goes on in the next chunk. */
function safeLength(input: Buffer): number {
  const from = Math.max(0, input.length - DELIMITER_START.length + 1);
  for (let at = input.indexOf(CR, from); at >= 0; at = input.indexOf(CR, at + 1)) {
    if (DELIMITER_START.subarray(0, input.length - at).equals(input.subarray(at))) return at;
  }
  return input.length;
}
