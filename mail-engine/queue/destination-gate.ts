/**
 * How many deliveries a destination gets at a time: few at first, one more for each round that went well, half where nobody
 * answered, and then none for a while, so that a dead site costs one connection a time and not one per message. A message that
 * waits for its destination's pause has not used up an attempt.
 */
import type { Clock } from './clock.ts';

const INITIAL_LIMIT = 5;
const FIRST_PAUSE_MS = 30_000;
/** Not above the shortest retry: a pause never makes a message later than its own schedule would. */
const MAX_PAUSE_MS = 300_000;

interface Destination {
  active: number;
  limit: number;
  failures: number;
  pausedUntil: number;
}

export class DestinationGate {
  readonly #clock: Clock;
  readonly #destinations = new Map<string, Destination>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many more deliveries may start now. */
  freeSlots(name: string, maxPerDestination: number): number {
    const destination = this.#destinations.get(name);
    if (!destination) return Math.min(INITIAL_LIMIT, maxPerDestination);
    if (destination.pausedUntil > this.#now()) return 0;
    return Math.max(0, Math.min(Math.floor(destination.limit), maxPerDestination) - destination.active);
  }

  begin(name: string): void {
    const destination = this.#destinations.get(name) ?? {
      active: 0,
      limit: INITIAL_LIMIT,
      failures: 0,
      pausedUntil: 0,
    };
    destination.active += 1;
    this.#destinations.set(name, destination);
  }

  end(name: string, reached: boolean, maxPerDestination: number): void {
    const destination = this.#destinations.get(name);
    if (!destination) return;
    destination.active -= 1;
    if (reached) {
      destination.limit = Math.min(maxPerDestination, destination.limit + 1 / destination.limit);
      destination.failures = 0;
    } else if (destination.pausedUntil <= this.#now()) {
      destination.limit = Math.max(1, destination.limit / 2);
      destination.pausedUntil = this.#now() + Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** destination.failures);
      destination.failures += 1;
    }
    if (destination.active === 0 && destination.failures === 0) this.#destinations.delete(name);
  }

  /** Destinations that take nothing now. */
  closed(maxPerDestination: number): string[] {
    return [...this.#destinations.keys()].filter((name) => this.freeSlots(name, maxPerDestination) === 0);
  }

  /** When the next pause ends; undefined where nothing is paused. Pauses long over are forgotten here. */
  nextOpening(): number | undefined {
    const now = this.#now();
    let next: number | undefined;
    for (const [name, { active, pausedUntil }] of this.#destinations) {
      if (pausedUntil > now) next = Math.min(next ?? pausedUntil, pausedUntil);
      else if (active === 0 && pausedUntil + MAX_PAUSE_MS < now) this.#destinations.delete(name);
    }
    return next;
  }

  /** Ends all pauses: somebody asked for a try now. */
  open(): void {
    for (const destination of this.#destinations.values()) destination.pausedUntil = 0;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
