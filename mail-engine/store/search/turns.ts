/** Work that would take long on end, in turns with everything else in the process. */
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

const TURN_MS = 10;

export class Turns {
  readonly #now: () => number;
  #began: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#began = now();
  }

  /** Lets others run where this turn has taken long enough; to be asked where the work can be put down, each few milliseconds at most. */
  async pass(): Promise<void> {
    if (this.#now() - this.#began < TURN_MS) return;
    await nextTurn();
    this.#began = this.#now();
  }
}
