/**
 * What a service reads of a connection: bytes that have come in and were not read yet, and the one read that waits for more. A read is
 * answered at once where enough is there; else with the very bytes that make it whole, or with the error that ends it.
 *
 * At most `READ_AHEAD_BYTES` (plus the chunk under way) are taken in ahead of the service, then the source is to be paused; a read that
 * needs more than that gets exactly what it asked for.
 */
import { performance } from 'node:perf_hooks';
import type { Soon } from '#server/soon.ts';
import { InputQueue } from './input-queue.ts';
import { ConnectionError } from './types.ts';

const READ_AHEAD_BYTES = 128 * 1024;

interface PendingRead {
  /** Settles the read where what it wants is there, and says whether it was. */
  trySettle: () => boolean;
  reject: (error: ConnectionError) => void;
  deadline: number;
  /** Nothing is under way: the end of the engine ends the read. */
  idle: boolean;
}

export interface InputSource {
  /** Called whenever a read has to wait: sends what is queued, and lets input come. */
  beforeWait: () => void;
  /** Why no read may wait now, if so. */
  refusal: (idle: boolean) => ConnectionError | undefined;
}

function closed(): ConnectionError {
  return new ConnectionError('closed', 'the peer closed the connection');
}

export class InputReader {
  readonly #source: InputSource;
  readonly #input = new InputQueue();
  #pending: PendingRead | undefined;
  /** Goes off at `#timerDue`, no later than the deadline of the read under way: one timer serves many reads. */
  #timer: NodeJS.Timeout | undefined;
  #timerDue = 0;
  /** Nothing more will come. */
  #ended = false;
  #closed = false;

  constructor(source: InputSource) {
    this.#source = source;
  }

  /** Bytes that have come in and were not read. */
  get length(): number {
    return this.#input.length;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** A read waits, and nothing is under way. */
  get isIdle(): boolean {
    return this.#pending?.idle ?? false;
  }

  /** Takes in what came; true where no more should, for now. */
  push(chunk: Buffer): boolean {
    this.#input.push(chunk);
    if (this.#pending === undefined) return this.#input.length >= READ_AHEAD_BYTES;
    this.#trySettle();
    return false;
  }

  unread(bytes: Buffer): void {
    this.#input.unshift(bytes);
  }

  readLine(maxBytes: number, timeoutMs: number): Soon<Buffer> {
    return this.#takeLine(maxBytes) ?? this.#wait(() => this.#takeLine(maxBytes), timeoutMs, true);
  }

  readExactly(count: number, timeoutMs: number): Soon<Buffer> {
    return this.#takeExactly(count) ?? this.#wait(() => this.#takeExactly(count), timeoutMs, false);
  }

  readSome(maxBytes: number, timeoutMs: number): Soon<Buffer> {
    return this.#takeSome(maxBytes) ?? this.#wait(() => this.#takeSome(maxBytes), timeoutMs, false);
  }

  /** Resolves when there is input. */
  waitForAny(timeoutMs: number): Soon<true> {
    return this.#hasAny() ?? this.#wait(() => this.#hasAny(), timeoutMs, true);
  }

  /** The read under way is not wanted any more; it never settles. */
  forget(): void {
    this.#pending = undefined;
  }

  /** Nothing more will come; what is there can still be read. */
  end(): void {
    this.#ended = true;
    this.#trySettle();
    this.fail(closed());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#input.clear();
    this.fail(closed());
  }

  /** Drops what is there. */
  clear(): void {
    this.#input.clear();
  }

  /** Ends the read that waits, if one does. */
  fail(error: ConnectionError): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(error);
  }

  #takeLine(maxBytes: number): Buffer | undefined {
    if (this.#closed) return undefined;
    const length = this.#input.findLineLength();
    if ((length ?? this.#input.length) > maxBytes || (length === undefined && this.#input.length === maxBytes)) {
      throw new ConnectionError('line-too-long', `line longer than ${maxBytes} bytes`);
    }
    return length === undefined ? undefined : this.#input.take(length);
  }

  #takeExactly(count: number): Buffer | undefined {
    return this.#closed || this.#input.length < count ? undefined : this.#input.take(count);
  }

  #takeSome(maxBytes: number): Buffer | undefined {
    return this.#closed || this.#input.length === 0 ? undefined : this.#input.takeSome(maxBytes);
  }

  #hasAny(): true | undefined {
    return this.#closed || this.#input.length === 0 ? undefined : true;
  }

  #wait<T>(take: () => T | undefined, timeoutMs: number, idle: boolean): Promise<T> {
    this.#source.beforeWait();
    const refusal = this.#source.refusal(idle);
    if (refusal !== undefined) return Promise.reject(refusal);
    if (this.#closed || this.#ended) return Promise.reject(closed());
    const deadline = performance.now() + timeoutMs;
    if (this.#timer === undefined || deadline < this.#timerDue) this.#armTimer(deadline);
    return new Promise((resolve, reject) => {
      const trySettle = () => {
        const taken = take();
        if (taken !== undefined) resolve(taken);
        return taken !== undefined;
      };
      this.#pending = { trySettle, reject, deadline, idle };
    });
  }

  #trySettle(): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    try {
      if (pending.trySettle()) this.#pending = undefined;
    } catch (error) {
      this.fail(error as ConnectionError); // the only thing that is thrown while taking
    }
  }

  #armTimer(due: number): void {
    clearTimeout(this.#timer);
    this.#timerDue = due;
    this.#timer = setTimeout(() => this.#onTimer(), Math.max(0, due - performance.now()));
  }

  /** The read the timer was set for may be over, and a later one under way. */
  #onTimer(): void {
    this.#timer = undefined;
    const deadline = this.#pending?.deadline;
    if (deadline === undefined) return;
    if (deadline <= performance.now()) this.fail(new ConnectionError('timeout', 'the peer sent nothing in time'));
    else this.#armTimer(deadline);
  }
}
