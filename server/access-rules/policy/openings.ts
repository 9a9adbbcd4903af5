/**
 * POP-before-SMTP openings in memory. They decide as vpopmail's did: an exact address, put before all rules, so they win over every
 * one of them but those that let relay anyway (`may-relay-by-rule.ts`). One is honoured up to its end and not a moment longer, whether or not its row is still there.
 */
import type { AccessDecision, RelayOpener } from '../types.ts';

export interface Opening extends RelayOpener {
  /** In ms of the epoch. */
  expiresAt: number;
}

/** Many accounts may sign in from behind one address; this many of them may relay, the latest. */
const MAX_OPENERS = 100;

const VARIABLES: ReadonlyMap<string, string> = new Map([
  ['RELAYCLIENT', ''],
  ['RBLSMTPD', ''],
]);

interface Entry {
  openings: readonly Opening[];
  decision: AccessDecision;
  /** When the first of them ends, and the decision with it. */
  until: number;
}

function createEntry(address: string, openings: readonly Opening[]): Entry {
  const openedBy = openings.slice(0, MAX_OPENERS);
  const until = Math.min(...openedBy.map(({ expiresAt }) => expiresAt));
  return { openings: openedBy, decision: { allow: true, rule: address, variables: VARIABLES, openedBy }, until };
}

export class Openings {
  readonly #entries = new Map<string, Entry>();

  /** In place of what was known of the address; `openings` in order of their end, latest first. */
  set(address: string, openings: readonly Opening[]): void {
    if (openings.length === 0) this.#entries.delete(address);
    else this.#entries.set(address, createEntry(address, openings));
  }

  clear(): void {
    this.#entries.clear();
  }

  /** When the account's opening for the address ends, in ms of the epoch; 0 where there is none. */
  until(address: string, accountId: number): number {
    const opening = this.#entries.get(address)?.openings.find((each) => each.accountId === accountId);
    return opening?.expiresAt ?? 0;
  }

  decide(address: string, now: number): AccessDecision | undefined {
    const entry = this.#entries.get(address);
    if (entry === undefined || now < entry.until) return entry?.decision;
    this.set(
      address,
      entry.openings.filter(({ expiresAt }) => expiresAt > now),
    );
    return this.#entries.get(address)?.decision;
  }
}
