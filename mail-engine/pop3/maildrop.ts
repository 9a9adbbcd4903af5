/**
 * INBOX as one POP3 session sees it (RFC 1939 §4): the messages there were at sign-in, numbered from 1 and stable until QUIT. It
 * locks nothing: a message another session removed meanwhile answers that it is gone. Deletions are marks until `removeDeleted`.
 */
import type { MessageReader, Store } from '#engine/store/types.ts';

interface Item {
  readonly uid: number;
  readonly size: number;
}

export class Maildrop {
  readonly #store: Store;
  readonly #accountId: number;
  readonly #folderId: number;
  readonly #uidValidity: number;
  readonly #items: readonly Item[];
  readonly #deleted = new Set<number>();
  readonly #totalBytes: number;
  #deletedBytes = 0;

  private constructor(store: Store, accountId: number, folder: { id: number; uidValidity: number }, items: Item[]) {
    this.#store = store;
    this.#accountId = accountId;
    this.#folderId = folder.id;
    this.#uidValidity = folder.uidValidity;
    this.#items = items;
    this.#totalBytes = items.reduce((sum, { size }) => sum + size, 0);
  }

  static async open(store: Store, accountId: number): Promise<Maildrop> {
    const inbox = await store.findFolder(accountId, 'INBOX');
    if (inbox === undefined) throw new Error('an account without INBOX');
    const items = await store.readSizes(accountId, inbox.id);
    return new Maildrop(store, accountId, inbox, items);
  }

  /** Numbers and sizes of the messages not marked as deleted. */
  *list(): Generator<{ number: number; size: number; uidl: string }> {
    for (const [index, item] of this.#items.entries()) {
      if (!this.#deleted.has(index)) yield { number: index + 1, size: item.size, uidl: this.#uidl(item) };
    }
  }

  /** Of the messages not marked as deleted. */
  stat(): { count: number; bytes: number } {
    return { count: this.#items.length - this.#deleted.size, bytes: this.#totalBytes - this.#deletedBytes };
  }

  /** Undefined where there is no such number or it is marked as deleted. */
  find(number: number): { number: number; size: number; uidl: string } | undefined {
    const item = this.#items[number - 1];
    if (item === undefined || this.#deleted.has(number - 1)) return undefined;
    return { number, size: item.size, uidl: this.#uidl(item) };
  }

  /** Undefined where another session has removed it. */
  async openMessage(number: number): Promise<MessageReader | undefined> {
    const item = this.#items[number - 1];
    if (item === undefined) return undefined;
    for await (const reader of this.#store.openMessages(this.#accountId, this.#folderId, [item.uid])) return reader;
    return undefined;
  }

  markDeleted(number: number): void {
    const found = this.find(number);
    if (found === undefined) return;
    this.#deleted.add(number - 1);
    this.#deletedBytes += found.size;
  }

  unmarkAll(): void {
    this.#deleted.clear();
    this.#deletedBytes = 0;
  }

  /** The UPDATE state (RFC 1939 §6); resolves to how many were removed. */
  async removeDeleted(): Promise<number> {
    const uids = [...this.#deleted].map((index) => this.#items[index]?.uid ?? 0).sort((a, b) => a - b);
    if (uids.length === 0) return 0;
    const removed = await this.#store.transact(this.#accountId, (tx) => tx.expunge(this.#folderId, uids, false));
    return removed.length;
  }

  #uidl({ uid }: Item): string {
    return `${this.#uidValidity}.${uid}`;
  }
}
