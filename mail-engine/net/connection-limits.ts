/**
 * Counts open connections of one service, in all and per address. Loopback is not counted per address: webmail and the
 * tests of this machine come from there.
 */
import { isLoopback, limitKey } from './peer-address.ts';

export class ConnectionLimits {
  readonly max: number;
  readonly maxPerAddress: number;
  #open = 0;
  readonly #perAddress = new Map<string, number>();

  constructor(max: number, maxPerAddress: number) {
    this.max = max;
    this.maxPerAddress = maxPerAddress;
  }

  get open(): number {
    return this.#open;
  }

  /** Takes a place, or says which limit has none left. */
  take(address: string): 'taken' | 'service-full' | 'address-full' {
    if (this.#open >= this.max) return 'service-full';
    const key = limitKey(address);
    const count = this.#perAddress.get(key) ?? 0;
    if (count >= this.maxPerAddress && !isLoopback(address)) return 'address-full';
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
