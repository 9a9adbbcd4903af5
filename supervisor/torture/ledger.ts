/**
 * What the clients know. An *attempt* is one try at handing over one message; it has an id of its own, which stands in the bytes, so
 * that each 250 counts once and a retry is another attempt. A *copy* is an attempt at one of its recipients' addresses.
 *
 * For each copy the ledger has the states that would be right: the folders it may stand in, joined with `+`, and the empty text for
 * "nowhere". One state only where the client was told; several where the answer was lost.
 */

export type Outcome = 'acknowledged' | 'in doubt' | 'refused for now' | 'refused' | 'cut off';
type Traffic = 'MX' | 'submission' | 'IMAP';

export interface Attempt {
  id: string;
  traffic: Traffic;
  outcome: Outcome;
  /** Of the bytes as sent. */
  sha256: string;
  size: number;
  recipients: readonly string[];
  /** When the outcome was known (`Date.now`). */
  endedAt: number;
  /** The client itself left in the middle, on purpose. */
  cut: 'cut in DATA' | 'cut in BDAT' | null;
}

export const NOWHERE = '';
export const INBOX = 'INBOX';

const RIGHT_STATES: Readonly<Record<Outcome, readonly string[]>> = {
  acknowledged: [INBOX],
  'in doubt': [NOWHERE, INBOX],
  // 451 where even the server could not learn whether its commit had succeeded: kept perhaps, and the client tries again.
  'refused for now': [NOWHERE, INBOX],
  refused: [NOWHERE],
  // The end of the message was never sent.
  'cut off': [NOWHERE],
};

function copyKey(id: string, address: string): string {
  return `${id} ${address}`;
}

export class Ledger {
  readonly attempts = new Map<string, Attempt>();
  readonly #changed = new Map<string, readonly string[]>();
  /** Attempts acknowledged so far: grows, so that somebody can wait for it to grow. */
  acknowledged = 0;

  note(attempt: Attempt): void {
    this.attempts.set(attempt.id, attempt);
    if (attempt.outcome === 'acknowledged') this.acknowledged += 1;
  }

  /** From now on these states are right for a copy, whatever became of its attempt. */
  change(id: string, address: string, states: readonly string[]): void {
    this.#changed.set(copyKey(id, address), states);
  }

  rightStates(attempt: Attempt, address: string): readonly string[] {
    return this.#changed.get(copyKey(attempt.id, address)) ?? RIGHT_STATES[attempt.outcome];
  }
}
