/**
 * The messages of one folder, sorted by uid. The array handed out is never changed afterwards: the first change after it was taken
 * works on a copy, so that a large folder is copied only when somebody holds the old state.
 */
import type { MessageEntry, Uid } from '../types.ts';

export class EntryList {
  #entries: MessageEntry[];
  #taken = false;

  constructor(entries: MessageEntry[]) {
    this.#entries = entries;
  }

  get length(): number {
    return this.#entries.length;
  }

  take(): readonly MessageEntry[] {
    this.#taken = true;
    return this.#entries;
  }

  /** Index of `uid`, or -1. */
  indexOf(uid: Uid): number {
    const at = this.#lowerBound(uid);
    return this.#entries[at]?.uid === uid ? at : -1;
  }

  get(uid: Uid): MessageEntry | undefined {
    const entry = this.#entries[this.#lowerBound(uid)];
    return entry?.uid === uid ? entry : undefined;
  }

  /** Adds the entry or replaces the one with its uid. */
  put(entry: MessageEntry): void {
    this.#own();
    const at = this.#lowerBound(entry.uid);
    if (this.#entries[at]?.uid === entry.uid) this.#entries[at] = entry;
    else if (at === this.#entries.length) this.#entries.push(entry);
    else this.#entries.splice(at, 0, entry);
  }

  /** One pass, however many. */
  removeAll(uids: ReadonlySet<Uid>): void {
    if (uids.size === 0) return;
    this.#entries = this.#entries.filter(({ uid }) => !uids.has(uid));
    this.#taken = false;
  }

  #own(): void {
    if (!this.#taken) return;
    this.#entries = this.#entries.slice();
    this.#taken = false;
  }

  #lowerBound(uid: Uid): number {
    const entries = this.#entries;
    const last = entries.at(-1);
    if (!last || last.uid < uid) return entries.length;
    let low = 0;
    let high = entries.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((entries[middle] as MessageEntry).uid < uid) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
