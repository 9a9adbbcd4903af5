/**
 * How many connections of each key came within the last minute: the count of this minute, and of the one before the part that
 * still lies within sixty seconds. Memory is bounded: of more keys than `MAX_KEYS` the longest known are forgotten.
 */
const WINDOW_MS = 60_000;
const MAX_KEYS = 50_000;

export class ConnectionRate {
  readonly #now: () => number;
  #current = new Map<string, number>();
  #previous = new Map<string, number>();
  #startedAt: number;

  /** `now` in milliseconds, never going back. */
  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** Counts one more and returns the rate per minute with it. */
  add(key: string): number {
    const passed = this.#turn();
    const count = (this.#current.get(key) ?? 0) + 1;
    this.#current.set(key, count);
    if (this.#current.size > MAX_KEYS) this.#forgetOldest();
    const before = this.#previous.get(key) ?? 0;
    return count + before * (1 - passed / WINDOW_MS);
  }

  /** Begins a new minute where one is over; returns how much of the current one has passed. */
  #turn(): number {
    const passed = this.#now() - this.#startedAt;
    if (passed < WINDOW_MS) return passed;
    this.#previous = passed < 2 * WINDOW_MS ? this.#current : new Map();
    this.#current = new Map();
    this.#startedAt += passed - (passed % WINDOW_MS);
    return passed % WINDOW_MS;
  }

  #forgetOldest(): void {
    for (const oldest of this.#current.keys()) {
      this.#current.delete(oldest);
      return;
    }
  }
}
