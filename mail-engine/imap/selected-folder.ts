/** The folder a session has selected: the shared view, and what this session alone knows of it. */
import { KEYWORDS_PER_FOLDER } from '#engine/store/folders/folder-keywords.ts';
import type { Change, FolderView, MessageEntry } from '#engine/store/types.ts';
import { normalizeSet, type SequenceSet, selectFromSet } from '#engine/wire/imap/sequence-set.ts';
import { ImapError } from './errors.ts';
import { SequenceTracker, type TrackedChange } from './sequence-tracker.ts';

export class SelectedFolder {
  readonly view: FolderView;
  readonly tracker: SequenceTracker;
  readonly readOnly: boolean;
  /** Keywords told in FLAGS so far, by their lower case; beyond the limit of a folder only messages show theirs. */
  readonly keywords = new Map<string, string>();
  /** UIDs saved by SEARCH RETURN (SAVE), `$` (RFC 5182). */
  savedUids: readonly number[] = [];
  /** The folder was deleted by somebody else. */
  gone = false;
  /** Called when there is something to tell; set while the client idles. */
  onChange: (() => void) | undefined;
  readonly #unsubscribe: () => void;

  constructor(view: FolderView, readOnly: boolean) {
    this.view = view;
    this.readOnly = readOnly;
    this.tracker = new SequenceTracker(view.entries.map((entry) => entry.uid));
    this.#unsubscribe = view.subscribe((changes) => this.#take(changes));
    for (const entry of view.entries) this.noteKeywords(entry);
  }

  #take(changes: readonly Change[]): void {
    const tracked: TrackedChange[] = [];
    for (const change of changes) {
      if (change.kind === 'folder') this.gone ||= change.what === 'deleted' && change.folderId === this.view.folder.id;
      else if (change.kind === 'removed') tracked.push(change);
      else tracked.push({ kind: change.kind, uid: change.entry.uid, modseq: change.entry.modseq });
    }
    this.tracker.take(tracked);
    this.onChange?.();
  }

  /** True where the entry has a keyword not told yet. */
  noteKeywords(entry: MessageEntry): boolean {
    let isNew = false;
    for (const keyword of entry.keywords) {
      if (this.keywords.size >= KEYWORDS_PER_FOLDER) return isNew;
      if (this.keywords.has(keyword.toLowerCase())) continue;
      this.keywords.set(keyword.toLowerCase(), keyword);
      isNew = true;
    }
    return isNew;
  }

  /** undefined where the message is gone, though the client may not know yet. */
  findEntry(uid: number): MessageEntry | undefined {
    const index = this.view.indexOf(uid);
    return index < 0 ? undefined : this.view.entries[index];
  }

  /**
   * UIDs that `set` names, ascending; by number, one that the client was never told of is an error (RFC 9051 §6.4.9), except in a
   * range up to `*`: clients ask for 1:* of what may be empty.
   */
  resolve(set: SequenceSet, byUid: boolean): number[] {
    const { uids } = this.tracker;
    if (byUid) return selectFromSet(set, uids);
    const isBeyond = set.some(
      ([from, to]) => Number.isFinite(from) && Number.isFinite(to) && Math.max(from, to) > uids.length,
    );
    if (isBeyond) throw new ImapError('BAD', undefined, 'There is no message with that sequence number');
    return normalizeSet(set, uids.length).flatMap(([from, to]) => uids.slice(Math.max(from, 1) - 1, to));
  }

  /** The saved result, without what has gone since. */
  resolveSaved(): number[] {
    return this.savedUids.filter((uid) => this.tracker.sequenceOf(uid) > 0);
  }

  /** The highest modseq whose changes the view has. */
  get highestModseq(): number {
    return this.view.folder.highestModseq;
  }

  release(): void {
    this.#unsubscribe();
    this.view.release();
  }
}
