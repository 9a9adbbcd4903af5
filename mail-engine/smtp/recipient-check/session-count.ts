/**
 * How many recipients a session has named, and how many of them do not exist. Counts are the connection's: RSET, EHLO and new
 * messages leave them alone. chkuser's thresholds: the recipient that reaches the limit is the first over it, so a limit of 15 lets
 * 14 through; reaching either limit marks the session, from then on every recipient is refused, and after some more it ends.
 */

/** 0 is no limit. */
export interface SessionThresholds {
  recipients: number;
  wrong: number;
}

/** What is to be said of a recipient before it is looked up; `go` looks it up. */
export type Entry = 'go' | 'over-limit' | 'intruder' | 'out';

/** Recipients answered, ever slower, after the mark. */
const PATIENCE = 3;
const FIRST_DELAY_MS = 1_000;
const FURTHER_DELAY_MS = 300;

export class SessionCount {
  #recipients = 0;
  #wrong = 0;
  #errors = 0;
  #marked = false;

  /** Counts a recipient, good or bad. */
  enter(limits: SessionThresholds): Entry {
    this.#recipients += 1;
    if (this.#marked) {
      this.#errors += 1;
      return this.#errors > 1 + PATIENCE ? 'out' : 'intruder';
    }
    if (!reaches(this.#recipients, limits.recipients)) return 'go';
    this.#mark();
    return 'over-limit';
  }

  /** Counts a recipient that does not exist; true where this one marks the session. */
  countWrong(limits: SessionThresholds): boolean {
    this.#wrong += 1;
    if (this.#marked || !reaches(this.#wrong, limits.wrong)) return false;
    this.#mark();
    return true;
  }

  /** How long the answer under way is held back: 1 s for the one that marked the session, 0.3 s more for each after it. */
  get delayMs(): number {
    return this.#errors === 0 ? 0 : FIRST_DELAY_MS + (this.#errors - 1) * FURTHER_DELAY_MS;
  }

  #mark(): void {
    this.#marked = true;
    this.#errors = 1;
  }
}

function reaches(count: number, limit: number): boolean {
  return limit > 0 && count >= limit;
}
