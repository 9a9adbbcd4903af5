/**
 * The turn of the event loop under way, for sessions that find all they need in memory, and for long searches: awaiting what is there already
 * lets nobody else have the loop. One is shared by all sessions, so that a turn does not grow with their number: between commands, and within
 * long ones, each gives way once the turn has taken 10 ms. A turn that is not used up costs a look at the clock.
 */
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

const TURN_MS = 10;

export class Turn {
  readonly #now: () => number;
  /** When this turn was first asked about. */
  #startedAt: number | undefined;

  /** `now`: in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Resolves in the next turn; undefined while this one may go on. */
  giveWay(): Promise<void> | undefined {
    const now = this.#now();
    if (this.#startedAt === undefined) {
      this.#startedAt = now;
      setImmediate(() => {
        this.#startedAt = undefined;
      });
    }
    return now - this.#startedAt < TURN_MS ? undefined : nextTurn();
  }
}
