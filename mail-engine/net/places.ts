/** The places of one kind of client at a service, and those who wait for one, first come first served. */

export interface Place {
  readonly address: string;
  /** One of our own machines: it has places beside everybody else's. */
  readonly own: boolean;
  /** False while it waits. */
  admitted: boolean;
  /** When it began to wait. */
  readonly since: number;
  /** Called when its turn has come. */
  onAdmitted: () => void;
  /** Called when it waited as long as anybody may, after it was let go. */
  onExpired: () => void;
}

export class Places {
  #open = 0;
  readonly #waiting = new Set<Place>();

  get open(): number {
    return this.#open;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whoever has waited longest. */
  get oldest(): Place | undefined {
    for (const place of this.#waiting) return place;
    return undefined;
  }

  take(place: Place): void {
    place.admitted = true;
    this.#open++;
  }

  wait(place: Place): void {
    this.#waiting.add(place);
  }

  /** False where it was neither open nor waiting: a place is given back once. */
  leave(place: Place): boolean {
    if (this.#waiting.delete(place)) return true;
    if (!place.admitted) return false;
    place.admitted = false;
    this.#open--;
    return true;
  }

  /** Lets in as many as there is room for. */
  admit(limit: number): void {
    while (this.#open < limit) {
      const next = this.oldest;
      if (!next) return;
      this.#waiting.delete(next);
      this.take(next);
      next.onAdmitted();
    }
  }
}
