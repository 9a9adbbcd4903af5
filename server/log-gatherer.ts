/**
 * Where the loggers write to: lines are gathered and given to stdout many at once. A busy engine writes thousands a second, and
 * pino's own destination counts the bytes of all it has gathered at every line, which costs about as much as making the line.
 *
 * Lines stay whole and in the order they were logged. One waits for at most `GATHER_MS`, or until `GATHER_CHARACTERS` are there; waiting lines
 * keep no process alive. `flushSync`, called by pino for fatal lines and by whoever owns this at the end of the process, returns when all is
 * written. Errors of the destinations (a reader that has gone: EPIPE) are theirs to handle.
 */

export const GATHER_CHARACTERS = 8 * 1024;
export const GATHER_MS = 100;

/** The part of a `pino.destination()` that is used here. */
export interface LogDestination {
  write(text: string): unknown;
  flush(done?: (error?: Error) => void): void;
  flushSync(): void;
}

export class LogGatherer {
  readonly #destination: LogDestination;
  readonly #blocking: Pick<LogDestination, 'write'>;
  #lines: string[] = [];
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `blocking` leads where `destination` does, and has written when its `write` returns: the last lines have no time to wait. */
  constructor(destination: LogDestination, blocking: Pick<LogDestination, 'write'>) {
    this.#destination = destination;
    this.#blocking = blocking;
  }

  write(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
    if (this.#characters >= GATHER_CHARACTERS) this.#handOver(this.#destination);
    else this.#timer ??= setTimeout(() => this.#expire(), GATHER_MS).unref();
  }

  /** `done` once what was logged before is written. */
  flush(done?: (error?: Error) => void): void {
    this.#handOver(this.#destination);
    this.#destination.flush(done);
  }

  flushSync(): void {
    this.#destination.flushSync();
    this.#handOver(this.#blocking);
  }

  /** The timer runs on when lines were handed over for their number: those that follow then go a little sooner. */
  #expire(): void {
    this.#timer = undefined;
    this.#handOver(this.#destination);
  }

  #handOver(destination: Pick<LogDestination, 'write'>): void {
    if (this.#lines.length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    this.#characters = 0;
    destination.write(text);
  }
}
