/**
 * Takes named fields out of a message's header while it streams by (Bcc of a submission, RFC 5322 §3.6.3). Nothing is held back
 * but the first bytes of a line, until its name is known; the body passes untouched.
 */
import { CR, LF } from './line-ends.ts';

type Emit = (content: Buffer) => void;

const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;
/** White space that may stand between a name and its colon (obs-optional, RFC 5322 §4.5.8) before the line is some other field. */
const SLACK = 16;

/** True where `input` at `at` has as much of `name`, whatever its case, as there is of it. */
function mayBegin(input: Buffer, at: number, name: Buffer): boolean {
  const length = Math.min(name.length, input.length - at);
  for (let index = 0; index < length; index += 1) {
    if (((input[at + index] as number) | 0x20) !== name[index]) return false;
  }
  return true;
}

/** Names to look for, prepared once for all messages. */
export interface FieldNames {
  names: readonly string[];
  /** So many bytes of a line decide. */
  enough: number;
  codes: readonly Buffer[];
}

/** `names`: lower-case field names. */
export function fieldNames(names: readonly string[]): FieldNames {
  const enough = Math.max(...names.map((name) => name.length)) + SLACK;
  return { names, enough, codes: names.map((name) => Buffer.from(name)) };
}

export class FieldRemover {
  readonly #wanted: FieldNames;
  #where: 'line-start' | 'inside-line' | 'body' = 'line-start';
  #dropping = false;
  /** Start of a line whose name is not known yet. */
  #carry: Buffer = Buffer.alloc(0);

  constructor(wanted: FieldNames) {
    this.#wanted = wanted;
  }

  push(chunk: Buffer, emit: Emit): void {
    const input = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk;
    this.#carry = Buffer.alloc(0);
    let kept = 0;
    let at = 0;
    while (at < input.length && this.#where !== 'body') {
      const wasDropping = this.#dropping;
      if (this.#where === 'line-start' && !this.#decideLine(input, at)) break;
      if (!wasDropping && this.#dropping && at > kept) emit(input.subarray(kept, at));
      at = this.#skipLine(input, at);
      if (this.#dropping) kept = at;
    }
    if (this.#isBody()) at = input.length;
    if (at > kept) emit(input.subarray(kept, at));
    if (at < input.length) this.#carry = Buffer.from(input.subarray(at));
  }

  /** What was held back, where the message ends within a field name. */
  finish(emit: Emit): void {
    if (this.#carry.length > 0) emit(this.#carry);
    this.#carry = Buffer.alloc(0);
  }

  #isBody(): boolean {
    return this.#where === 'body';
  }

  /** To the byte after the line's LF; an unfinished line is gone on with in the next chunk. */
  #skipLine(input: Buffer, at: number): number {
    if (this.#isBody()) return input.length;
    const lf = input.indexOf(LF, at);
    this.#where = lf >= 0 ? 'line-start' : 'inside-line';
    return lf >= 0 ? lf + 1 : input.length;
  }

  /** Whether the line at `at` goes; false where more of it must come first. A continuation goes where its field went. */
  #decideLine(input: Buffer, at: number): boolean {
    const first = input[at];
    if (first === SPACE || first === TAB) return true;
    if (first === CR) {
      this.#dropping = false;
      this.#where = 'body';
      return true;
    }
    // Most fields are done with at their first bytes.
    const { names, enough, codes } = this.#wanted;
    if (!codes.some((name) => mayBegin(input, at, name))) {
      this.#dropping = false;
      return true;
    }
    const start = input.subarray(at, at + enough);
    const lf = start.indexOf(LF);
    const colon = (lf < 0 ? start : start.subarray(0, lf)).indexOf(COLON);
    if (colon < 0 && lf < 0 && start.length < enough) return false;
    const name = start.toString('latin1', 0, Math.max(colon, 0)).trimEnd().toLowerCase();
    this.#dropping = names.includes(name);
    return true;
  }
}
