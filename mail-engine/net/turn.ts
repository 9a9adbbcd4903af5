/**
 * The turn of the event loop under way, for sessions that find all they need in memory: awaiting what is there already lets nobody
 * else have the loop. One is shared by all of them, so that a turn does not grow with their number: between commands, and within long
 * ones, each gives way once the turn has taken 10 ms. A turn that is not used up costs a look at the clock.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

const TURN_MS = 10;

export class Turn {
  readonly #now: () => Date;
  /** In ms of the epoch: when this turn was first asked about. */
  #startedAt: number | undefined;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Resolves in the next turn; undefined while this one may go on. */
  giveWay(): Promise<void> | undefined {
    const now = this.#now().getTime();
    if (this.#startedAt === undefined) {
      this.#startedAt = now;
      setImmediate(() => {
        this.#startedAt = undefined;
      });
    }
    return now - this.#startedAt < TURN_MS ? undefined : nextTurn();
  }
}
