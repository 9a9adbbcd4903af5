/** DataDecoder beside the table of its head, gone through byte by byte. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataDecoder } from './data-decoder.ts';

interface Outcome {
  /** What was emitted, piece by piece. */
  pieces: string[];
  problem: string | null;
  isInDoubt: boolean;
  /** The chunk that has the end of the data, and how many of its bytes belong to the data. */
  end: readonly [chunk: number, bytes: number] | undefined;
}

function outcome({ problem, isInDoubt }: DataDecoder | Model, pieces: string[], end: Outcome['end']): Outcome {
  return { pieces, problem, isInDoubt, end };
}

function decoded(chunks: readonly Buffer[], maxLineBytes: number): Outcome {
  const decoder = new DataDecoder(maxLineBytes);
  const pieces: string[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const bytes = decoder.decode(chunk, (piece) => pieces.push(piece.toString('latin1')));
    if (bytes !== undefined) return outcome(decoder, pieces, [index, bytes]);
  }
  return outcome(decoder, pieces, undefined);
}

/**
 * The table. What it does not say: bytes are emitted before a period that is dropped and at a chunk's end, where a NUL among them is
 * found; and a line is counted as far as the chunk has it before its bytes are judged.
 */
class Model {
  readonly pieces: string[] = [];
  problem: string | null = null;
  isInDoubt = false;
  readonly #maxLineBytes: number;
  #state = 'lineStart';
  #lineBytes = 0;
  #kept = '';

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  take(chunk: Buffer): number | undefined {
    const text = chunk.toString('latin1');
    let counted = 0;
    for (const [at, byte] of [...text].entries()) {
      if (this.#state === 'dotCr' && byte === '\n') return at + 1;
      if (this.#dropsAsDot(byte)) continue;
      if (this.#state === 'dotCr') this.#bare('bare-cr', byte === '\r' ? 'cr' : 'text');
      if (at >= counted) counted = this.#count(text, at);
      this.#step(byte);
      this.#kept += byte;
    }
    this.#emit();
    return undefined;
  }

  #dropsAsDot(byte: string): boolean {
    if (this.#state === 'lineStart' && byte === '.') {
      this.#emit();
      this.#state = 'dot';
      return true;
    }
    if (this.#state !== 'dot' || byte !== '\r') return false;
    this.#state = 'dotCr';
    return true;
  }

  #step(byte: string): void {
    if (this.#state === 'cr' && byte === '\n') {
      this.#state = 'lineStart';
      this.#lineBytes = 0;
    } else if (this.#state === 'cr') this.#bare('bare-cr', byte === '\r' ? 'cr' : 'text');
    else if (byte === '\n') this.#bare('bare-lf', 'text');
    else this.#state = byte === '\r' ? 'cr' : 'text';
  }

  #bare(problem: string, state: string): void {
    this.#doubt(problem);
    this.#state = state;
  }

  #doubt(problem: string): void {
    this.problem ??= problem;
    this.isInDoubt = true;
  }

  /** Where the line that goes on at `at` ends in the chunk. */
  #count(text: string, at: number): number {
    const end = text.includes('\n', at) ? text.indexOf('\n', at) + 1 : text.length;
    this.#lineBytes += end - at;
    if (this.#lineBytes > this.#maxLineBytes) this.problem ??= 'line-too-long';
    return end;
  }

  #emit(): void {
    if (this.#kept !== '' && this.#kept.includes('\0')) this.#doubt('nul');
    if (this.#kept !== '' && this.problem === null) this.pieces.push(this.#kept);
    this.#kept = '';
  }
}

function modelled(chunks: readonly Buffer[], maxLineBytes: number): Outcome {
  const model = new Model(maxLineBytes);
  for (const [index, chunk] of chunks.entries()) {
    const bytes = model.take(chunk);
    if (bytes !== undefined) return outcome(model, model.pieces, [index, bytes]);
  }
  return outcome(model, model.pieces, undefined);
}

function split(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

const lines = fc.constantFrom(
  'a\r\n',
  'some words\r\n',
  '\r\n',
  '..\r\n',
  '.a\r\n',
  'x'.repeat(30),
  '\xe9\r\n',
  'a.b\r\n',
);
const traps = fc.constantFrom('\r', '\n', '.', '\0', '\r\r\n', '\n.\r\n', '\r\n.\r', '.\r', '\r\n.\n', '\xff');
const ends = fc.constantFrom('.\r\n', '\r\n.\r\n');

/** From all traps to messages with none: what is clean, or clean in some chunks only, is read another way. */
const text = fc
  .tuple(fc.constantFrom(0, 1, 10), fc.constantFrom(0, 1, 3))
  .chain(([trapWeight, endWeight]) =>
    fc.array(
      fc.oneof(
        { weight: 10, arbitrary: lines },
        { weight: trapWeight, arbitrary: traps },
        { weight: endWeight, arbitrary: ends },
      ),
      { maxLength: 40, size: 'max' },
    ),
  )
  .map((pieces) => pieces.join(''));
const cuts = fc.oneof(fc.array(fc.nat(), { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 200, size: 'max' }));
const bound = fc.constantFrom(2, 12, 35, 100, 1_000_000);

test('any bytes in any chunks give what the table gives', () => {
  fc.assert(
    fc.property(text, cuts, bound, (content, places, maxLineBytes) => {
      const chunks = split(content, places);
      expect(decoded(chunks, maxLineBytes)).toEqual(modelled(chunks, maxLineBytes));
    }),
    { numRuns: 10_000 },
  );
});

test('chunks longer than the window of a scan give it too', () => {
  const lead = fc.constantFrom('a', '\r\n', 'words and words\r\n.and a period\r\n');
  fc.assert(
    fc.property(lead, fc.integer({ min: 65_500, max: 65_560 }), text, bound, (filler, size, content, maxLineBytes) => {
      const chunks = [Buffer.from(filler.repeat(size).slice(0, size) + content, 'latin1')];
      expect(decoded(chunks, maxLineBytes)).toEqual(modelled(chunks, maxLineBytes));
    }),
    { numRuns: 100 },
  );
});
