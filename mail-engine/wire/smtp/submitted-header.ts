/**
 * The header of a submission, looked at while it streams by (RFC 5322 §2.2, §3.6; RFC 6409 §8). Kept until its end is reached, up to
 * `MAX_HEADER_BYTES`. Refused is what readers would take in different ways, or could not take at all: a line that is neither a field nor
 * its continuation, a field twice that may be there once, no From, text that is neither ASCII nor UTF-8, and what is beyond the bounds.
 *
 * Non-ASCII text without SMTPUTF8 is let pass where it is UTF-8: programs that never learnt encoded-words send their subjects so.
 */
import { isUtf8 } from 'node:buffer';
import { isUnambiguous } from '../address/address-list.ts';
import { GatheredBytes } from '../gathered-bytes.ts';

const MAX_HEADER_BYTES = 256 * 1024;
const MAX_FIELDS = 1_000;
const CRLF = Buffer.from('\r\n');
const END = Buffer.from('\r\n\r\n');
/** Name, and what obs-optional lets stand before the colon (RFC 5322 §4.5.8), as far as `FieldRemover` looks. */
const FIELD = /^([!-9;-~]{1,200})[ \t]{0,16}:/;
const CONTINUATION = /^[ \t]/;

/** RFC 5322 §3.6: at most once. */
const ONCE: ReadonlySet<string> = new Set([
  ...['date', 'from', 'sender', 'reply-to', 'to', 'cc', 'message-id', 'in-reply-to', 'references', 'subject'],
  'mime-version',
]);

/** Who is answerable for the message has to be the same to every reader. */
const NAMES_AUTHOR: ReadonlySet<string> = new Set(['from', 'sender']);

/** Body of the field that begins at `index`. */
function unfold(lines: readonly string[], index: number): string {
  const rest = lines.slice(index + 1);
  const end = rest.findIndex((line) => !CONTINUATION.test(line));
  const field = [lines[index] ?? '', ...(end < 0 ? rest : rest.slice(0, end))].join('');
  return field.slice(field.indexOf(':') + 1);
}

export interface HeaderProblem {
  enhanced: string;
  text: string;
}

function broken(text: string): HeaderProblem {
  return { enhanced: '5.6.0', text };
}

const TOO_BIG: HeaderProblem = { enhanced: '5.3.4', text: 'Header too big' };

export class SubmittedHeader {
  readonly #gathered = new GatheredBytes();
  #ended = false;
  #problem: HeaderProblem | null = null;
  readonly #names = new Set<string>();

  /** A message that begins with an empty line has no header: before the first line stands a line's end. */
  constructor() {
    this.#gathered.push(CRLF);
  }

  get problem(): HeaderProblem | null {
    return this.#problem;
  }

  /** Known once the header has ended; lower-case. */
  has(name: string): boolean {
    return this.#names.has(name);
  }

  push(chunk: Buffer): void {
    if (this.#ended) return;
    const searched = Math.max(0, this.#gathered.length - END.length + 1);
    this.#gathered.push(chunk);
    if (this.#gathered.bytes.indexOf(END, searched) >= 0) this.finish();
    else if (this.#gathered.length - CRLF.length > MAX_HEADER_BYTES) this.#end(TOO_BIG);
  }

  /** The end of the message, or of the header. */
  finish(): void {
    if (this.#ended) return;
    const { bytes } = this.#gathered;
    const end = bytes.indexOf(END);
    const header = bytes.subarray(CRLF.length, end < 0 ? bytes.length : Math.max(end, CRLF.length));
    this.#end(header.length > MAX_HEADER_BYTES ? TOO_BIG : this.#check(header));
  }

  #end(problem: HeaderProblem | null): void {
    this.#ended = true;
    this.#problem = problem;
    this.#gathered.clear();
  }

  #check(header: Buffer): HeaderProblem | null {
    if (!isUtf8(header)) return broken('The header is neither ASCII nor UTF-8');
    const lines = header.toString('latin1').replace(/\r\n$/, '').split('\r\n');
    let fields = 0;
    for (const [index, line] of lines.entries()) {
      if (CONTINUATION.test(line) && index > 0) continue;
      if (line === '') continue;
      const name = FIELD.exec(line)?.[1]?.toLowerCase();
      if (name === undefined) return broken(`Line ${index + 1} of the header is no field`);
      fields += 1;
      if (fields > MAX_FIELDS) return broken('Too many header fields');
      if (ONCE.has(name) && this.#names.has(name)) return broken(`More than one ${line.slice(0, name.length)} field`);
      if (NAMES_AUTHOR.has(name) && !isUnambiguous(unfold(lines, index))) return broken(`Malformed ${name} field`);
      this.#names.add(name);
    }
    return this.#names.has('from') ? null : broken('No From field');
  }
}
