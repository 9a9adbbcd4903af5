/**
 * Messages each account has taken in the last hour and day, on this node, since it started: a sliding window made of two fixed ones,
 * the earlier counted for the part of it that still lies in the window. Only accounts with a limit are counted, the longest unused
 * go first where they are too many. What is let through at once may run a little over: places are taken by messages, not by RCPT,
 * or a stranger could fill a mailbox's hour with recipients it sends nothing to.
 */
import type { DeliveryTarget } from '#server/directory/types.ts';

export interface ReceiveLimits {
  perHour: number;
  perDay: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_ACCOUNTS = 100_000;

class Window {
  readonly #lengthMs: number;
  #startedAt: number;
  #now = 0;
  #before = 0;

  constructor(lengthMs: number, at: number) {
    this.#lengthMs = lengthMs;
    this.#startedAt = at;
  }

  add(at: number): void {
    this.#move(at);
    this.#now += 1;
  }

  count(at: number): number {
    this.#move(at);
    const left = 1 - (at - this.#startedAt) / this.#lengthMs;
    return this.#now + this.#before * left;
  }

  #move(at: number): void {
    const passed = Math.floor((at - this.#startedAt) / this.#lengthMs);
    if (passed <= 0) return;
    this.#before = passed === 1 ? this.#now : 0;
    this.#now = 0;
    this.#startedAt += passed * this.#lengthMs;
  }
}

interface Counted {
  hour: Window;
  day: Window;
}

function limitsOf({ receivePerHour, receivePerDay }: DeliveryTarget, general: ReceiveLimits): ReceiveLimits {
  return { perHour: receivePerHour ?? general.perHour, perDay: receivePerDay ?? general.perDay };
}

export class ReceiveCount {
  readonly #accounts = new Map<number, Counted>();
  readonly #now: () => Date;
  readonly #maxAccounts: number;

  constructor(now: () => Date, maxAccounts = MAX_ACCOUNTS) {
    this.#now = now;
    this.#maxAccounts = maxAccounts;
  }

  /** Accounts remembered. */
  get size(): number {
    return this.#accounts.size;
  }

  /** False where the account has taken all it may for now. Asked for before each message, for it makes the account be counted. */
  mayTake(target: DeliveryTarget, general: ReceiveLimits): boolean {
    const { perHour, perDay } = limitsOf(target, general);
    if (perHour === 0 && perDay === 0) return true;
    const at = this.#now().getTime();
    const { hour, day } = this.#remember(target.accountId, at);
    return (perHour === 0 || hour.count(at) < perHour) && (perDay === 0 || day.count(at) < perDay);
  }

  /** A message is in the account's folder. */
  add(accountId: number): void {
    const counted = this.#accounts.get(accountId);
    if (!counted) return;
    const at = this.#now().getTime();
    counted.hour.add(at);
    counted.day.add(at);
  }

  #remember(accountId: number, at: number): Counted {
    const counted = this.#accounts.get(accountId) ?? { hour: new Window(HOUR_MS, at), day: new Window(DAY_MS, at) };
    this.#accounts.delete(accountId);
    this.#accounts.set(accountId, counted);
    if (this.#accounts.size > this.#maxAccounts) {
      const [oldest] = this.#accounts.keys();
      if (oldest !== undefined) this.#accounts.delete(oldest);
    }
    return counted;
  }
}
