/**
 * One session's sequence numbers: the UIDs the client has been told of, in order, and what happened since that it has not
 * been told. Pure. A client's numbers change only in `flush`, so a command can rely on them while it runs (RFC 3501 §7.4.1);
 * messages that came and went unseen are never mentioned.
 */
import { lowerBound } from '#engine/wire/imap/sequence-set.ts';

export interface TrackedChange {
  kind: 'added' | 'removed' | 'flags';
  uid: number;
  modseq: number;
}

/** What to tell the client, in the order it must be told. */
export type Update =
  /** `sequences` from the highest down, so that none of them moves another; `uids` ascending. */
  | { kind: 'expunge'; sequences: number[]; uids: number[] }
  | { kind: 'exists'; count: number }
  | { kind: 'flags'; sequence: number; uid: number };

export class SequenceTracker {
  #uids: number[];
  #added: number[] = [];
  readonly #removed = new Set<number>();
  readonly #changed = new Map<number, { modseq: number; times: number }>();

  constructor(uids: readonly number[]) {
    this.#uids = [...uids];
  }

  /** As the client knows them: the message with sequence number n is `uids[n - 1]`. */
  get uids(): readonly number[] {
    return this.#uids;
  }

  /** 0 where the client does not know the uid. */
  sequenceOf(uid: number): number {
    const index = lowerBound(this.#uids, uid);
    return this.#uids[index] === uid ? index + 1 : 0;
  }

  get hasUpdates(): boolean {
    return this.#added.length > 0 || this.#removed.size > 0 || this.#changed.size > 0;
  }

  /** What happened at once: a message that is removed here is gone, wherever in the list that stands. */
  take(changes: readonly TrackedChange[]): void {
    const removed = new Set<number>();
    for (const change of changes) {
      if (change.kind === 'added') this.#takeAdded(change.uid);
      else if (change.kind === 'removed') removed.add(change.uid);
      else if (this.sequenceOf(change.uid) > 0) this.#takeFlags(change);
    }
    this.#takeRemoved(removed);
  }

  #takeFlags({ uid, modseq }: TrackedChange): void {
    this.#changed.set(uid, { modseq, times: (this.#changed.get(uid)?.times ?? 0) + 1 });
  }

  #takeAdded(uid: number): void {
    const index = lowerBound(this.#added, uid);
    if (uid <= (this.#uids.at(-1) ?? 0) || this.#added[index] === uid) return;
    this.#added.splice(index, 0, uid);
  }

  /** One pass over what was not told yet, however many. */
  #takeRemoved(uids: ReadonlySet<number>): void {
    let someUntold = false;
    for (const uid of uids) {
      this.#changed.delete(uid);
      if (this.sequenceOf(uid) > 0) this.#removed.add(uid);
      else someUntold = true;
    }
    if (someUntold) this.#added = this.#added.filter((uid) => !uids.has(uid));
  }

  /** The client has just been sent the flags of `uid` as of `modseq`: it need not be told again. */
  noteReported(uid: number, modseq: number): void {
    const changed = this.#changed.get(uid);
    if (changed && changed.modseq <= modseq) this.#changed.delete(uid);
  }

  /** The client made the change `modseq` itself and wants no word of it; what others changed before it is still to be told. */
  noteSilent(uid: number, modseq: number): void {
    const changed = this.#changed.get(uid);
    if (changed?.times === 1 && changed.modseq === modseq) this.#changed.delete(uid);
  }

  /** Applies what may be applied. Without `mayExpunge` removed messages keep their numbers until a later flush. */
  flush(mayExpunge: boolean): Update[] {
    const updates: Update[] = [];
    if (mayExpunge && this.#removed.size > 0) updates.push(this.#expunge());
    if (this.#added.length > 0) {
      for (const uid of this.#added) this.#uids.push(uid);
      this.#added = [];
      updates.push({ kind: 'exists', count: this.#uids.length });
    }
    const changed = [...this.#changed.keys()].sort((left, right) => left - right);
    for (const uid of changed) updates.push({ kind: 'flags', sequence: this.sequenceOf(uid), uid });
    this.#changed.clear();
    return updates;
  }

  #expunge(): Update {
    const uids = [...this.#removed].sort((left, right) => left - right);
    const sequences = uids.map((uid) => this.sequenceOf(uid)).reverse();
    this.#uids = this.#uids.filter((uid) => !this.#removed.has(uid));
    this.#removed.clear();
    return { kind: 'expunge', sequences, uids };
  }
}
