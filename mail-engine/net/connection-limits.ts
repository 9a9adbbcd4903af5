/**
 * Counts open connections of one service, in all and per address. Loopback is not counted per address: webmail and the
 * tests of this machine come from there.
 */
import { isLoopback, limitKey } from './peer-address.ts';
import type { ListenerOptions } from './types.ts';

/** Read at every connection: getters let an admin's change hold at once. */
type Limits = Pick<ListenerOptions, 'maxConnections' | 'maxConnectionsPerAddress'>;

export class ConnectionLimits {
  readonly #options: Limits;
  #open = 0;
  readonly #perAddress = new Map<string, number>();

  constructor(options: Limits) {
    this.#options = options;
  }

  get max(): number {
    return this.#options.maxConnections;
  }

  get open(): number {
    return this.#open;
  }

  /** Takes a place, or says which limit has none left. */
  take(address: string): 'taken' | 'service-full' | 'address-full' {
    if (this.#open >= this.max) return 'service-full';
    const key = limitKey(address);
    const count = this.#perAddress.get(key) ?? 0;
    if (count >= this.#options.maxConnectionsPerAddress && !isLoopback(address)) return 'address-full';
    this.#perAddress.set(key, count + 1);
    this.#open++;
    return 'taken';
  }

  release(address: string): void {
    const key = limitKey(address);
    const count = this.#perAddress.get(key) ?? 0;
    if (count <= 1) this.#perAddress.delete(key);
    else this.#perAddress.set(key, count - 1);
    this.#open--;
  }
}
