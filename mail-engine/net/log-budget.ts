/** How many lines a second one kind of event may log, so that a flood of clients is not a flood of lines. */
const PER_SECOND = 10;
const SECOND_MS = 1_000;

export class LogBudget {
  readonly #now: () => number;
  #second = -1;
  #lines = 0;
  #unlogged = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What to say besides, where a line may be logged now: how many before it were not. Undefined where none may. */
  take(): { unlogged?: number } | undefined {
    const second = Math.floor(this.#now() / SECOND_MS);
    if (second !== this.#second) {
      this.#second = second;
      this.#lines = 0;
    }
    if (this.#lines >= PER_SECOND) {
      this.#unlogged++;
      return undefined;
    }
    this.#lines++;
    const unlogged = this.#unlogged;
    this.#unlogged = 0;
    return unlogged > 0 ? { unlogged } : {};
  }
}
