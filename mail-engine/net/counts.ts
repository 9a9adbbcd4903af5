/** How many there are of each key; a key with none takes no memory. */
export class Counts {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string): void {
    this.#counts.set(key, this.of(key) + 1);
  }

  remove(key: string): void {
    const count = this.of(key);
    if (count <= 1) this.#counts.delete(key);
    else this.#counts.set(key, count - 1);
  }

  /** The keys with the highest counts, highest first. */
  top(howMany: number): { key: string; count: number }[] {
    const best: { key: string; count: number }[] = [];
    for (const [key, count] of this.#counts) {
      if (best.length === howMany && count <= (best.at(-1)?.count ?? 0)) continue;
      best.push({ key, count });
      best.sort((a, b) => b.count - a.count);
      if (best.length > howMany) best.pop();
    }
    return best;
  }
}
