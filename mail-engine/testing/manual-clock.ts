/** A clock for tests that stands still until it is moved. */
import type { Clock } from '#engine/queue/clock.ts';

interface Timer {
  at: number;
  run: () => void;
}

export class ManualClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(start: Date = new Date()) {
    this.#now = start.getTime();
  }

  /** Timers that have not fired. */
  get timers(): number {
    return this.#timers.size;
  }

  now(): Date {
    return new Date(this.#now);
  }

  setTimer(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time on and fires what falls due, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#takeDue(until); next; next = this.#takeDue(until)) {
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = until;
  }

  #takeDue(until: number): Timer | undefined {
    const [first] = [...this.#timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at);
    if (first) this.#timers.delete(first);
    return first;
  }
}
