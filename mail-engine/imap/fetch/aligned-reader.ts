/** Takes from a stream of ascending uids the element of each uid asked for, in ascending order; some may be missing. */
export class AlignedReader<T extends { uid: number }> {
  readonly #iterator: AsyncIterator<T>;
  #next: T | undefined;

  constructor(source: AsyncIterable<T>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  async take(uid: number): Promise<T | undefined> {
    while (!this.#next || this.#next.uid < uid) {
      const { done, value } = await this.#iterator.next();
      if (done) return undefined;
      this.#next = value;
    }
    return this.#next.uid === uid ? this.#next : undefined;
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}
