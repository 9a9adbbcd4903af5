/** How many sessions each account has open, so that one mailbox, or one stolen password, cannot take every place of the service. */
export class AccountPlaces {
  readonly #max: number;
  readonly #taken = new Map<number, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** False where the account has none left. */
  take(accountId: number): boolean {
    const taken = this.#taken.get(accountId) ?? 0;
    if (taken >= this.#max) return false;
    this.#taken.set(accountId, taken + 1);
    return true;
  }

  release(accountId: number): void {
    const left = (this.#taken.get(accountId) ?? 0) - 1;
    if (left > 0) this.#taken.set(accountId, left);
    else this.#taken.delete(accountId);
  }
}
