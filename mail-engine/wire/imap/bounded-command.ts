/**
 * A command being collected: its lines and literals as they arrive, never more than the limits. Pure: it is told what
 * was read and says what comes next.
 */
import { GatheredBytes } from '../gathered-bytes.ts';
import { findLiteralAnnouncement, type LiteralAnnouncement } from './literal.ts';

export interface CommandLimits {
  /** One line, its CRLF included. */
  lineBytes: number;
  /** All lines and literals of one command (APPEND's message apart). */
  commandBytes: number;
}

export type NextStep =
  | { kind: 'complete' }
  /** `fits`: the literal may be collected within the limits. */
  | { kind: 'literal'; literal: LiteralAnnouncement; fits: boolean }
  /** A line that did not end with CRLF. */
  | { kind: 'bare-lf' }
  | { kind: 'too-big' };

export class BoundedCommand {
  readonly #limits: CommandLimits;
  readonly #gathered = new GatheredBytes();

  constructor(limits: CommandLimits) {
    this.#limits = limits;
  }

  get bytes(): Buffer {
    return this.#gathered.bytes;
  }

  takeLine(line: Buffer): NextStep {
    this.#gathered.push(line);
    if (line.at(-1) !== 0x0a || line.at(-2) !== 0x0d) return { kind: 'bare-lf' };
    const literal = findLiteralAnnouncement(line);
    if (literal)
      return { kind: 'literal', literal, fits: this.#gathered.length + literal.sizeBytes <= this.#limits.commandBytes };
    return this.#gathered.length > this.#limits.commandBytes ? { kind: 'too-big' } : { kind: 'complete' };
  }

  takeLiteral(bytes: Buffer): void {
    this.#gathered.push(bytes);
  }
}
