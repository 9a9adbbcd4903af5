/**
 * Who gets in to a service, over all its ports: so many clients at a time, so many of one address and one network, so many new
 * ones a minute. Where a service is full its clients wait, first come first served, or are told to come later.
 *
 * A client that waits counts for its address and network as one that is served, so nobody can fill the waiting room alone, and
 * one that is over a limit of its own is refused at once: it never stands in another's way. Our own machines (webmail among them,
 * on loopback) have as many places of their own as the world has, and no limit per address, network or minute.
 */
import { performance } from 'node:perf_hooks';
import type { AccessService } from '#server/access-rules/types.ts';
import { type Logger, logger } from '#server/logger.ts';
import { ConnectionRate } from './connection-rate.ts';
import { Counts } from './counts.ts';
import { isLoopback, limitKey, networkKey } from './peer-address.ts';
import { type Place, Places } from './places.ts';
import { type ServiceLoad, StatusLine } from './status-line.ts';

/** Read at every connection: getters let an admin's change hold at once. 0 is no limit where a limit may be left out. */
export interface GateLimits {
  readonly maxConnections: number;
  readonly maxPerAddress: number;
  readonly maxPerNetwork?: number;
  /** New connections a minute. */
  readonly ratePerAddress?: number;
  readonly ratePerNetwork?: number;
  readonly whenFull?: 'wait' | 'refuse';
  readonly maxWaiting?: number;
  /** Whether an address is one of our own machines; loopback is anyway. */
  readonly isOwn?: (address: string) => boolean;
}

export type RefusalReason =
  | 'service-full'
  | 'address-full'
  | 'network-full'
  | 'address-rate'
  | 'network-rate'
  | 'waited-too-long'
  | 'denied'
  | 'proxy-header'
  | 'early-talker';

export interface GateSnapshot extends ServiceLoad {
  service: AccessService;
  /** Of the open ones, those of our own machines. */
  own: number;
  /** Since the engine started, by reason. */
  refused: Partial<Record<RefusalReason, number>>;
  /** The addresses with the most connections, open and waiting. */
  top: { address: string; connections: number }[];
}

/** The time a client waits for the greeting (RFC 5321 §4.5.3.2.1): nobody is there any more after it. */
const MAX_WAIT_MS = 300_000;
const TOP_ADDRESSES = 5;

export interface ServiceGateOptions {
  service: AccessService;
  limits: GateLimits;
  log?: Logger;
  /** Milliseconds that never go back. */
  now?: () => number;
}

function exceeds(value: number, limit: number | undefined): boolean {
  return limit !== undefined && limit > 0 && value > limit;
}

export class ServiceGate {
  readonly service: AccessService;
  readonly #limits: GateLimits;
  readonly #now: () => number;
  readonly #status: StatusLine;
  readonly #world = new Places();
  readonly #own = new Places();
  readonly #perAddress = new Counts();
  readonly #perNetwork = new Counts();
  readonly #addressRate: ConnectionRate;
  readonly #networkRate: ConnectionRate;
  readonly #refused: Partial<Record<RefusalReason, number>> = {};
  #expiry: NodeJS.Timeout | undefined;

  constructor({ service, limits, log, now = () => performance.now() }: ServiceGateOptions) {
    this.service = service;
    this.#limits = limits;
    this.#now = now;
    this.#status = new StatusLine(log ?? logger(service), () => this.#load());
    this.#addressRate = new ConnectionRate(now);
    this.#networkRate = new ConnectionRate(now);
  }

  get limit(): number {
    return this.#limits.maxConnections;
  }

  get snapshot(): GateSnapshot {
    const top = this.#perAddress.top(TOP_ADDRESSES).map(({ key, count }) => ({ address: key, connections: count }));
    return { service: this.service, ...this.#load(), own: this.#own.open, refused: { ...this.#refused }, top };
  }

  isOwn(address: string): boolean {
    return isLoopback(address) || this.#limits.isOwn?.(address) === true;
  }

  /** A place, perhaps one to wait for, which has to be given back by `leave`; or why there is none. */
  enter(address: string): Place | RefusalReason {
    const own = this.isOwn(address);
    const places = own ? this.#own : this.#world;
    const full = places.open >= this.limit;
    const reason = (own ? undefined : this.#overOwnLimit(address)) ?? (full ? this.#noRoomToWait(places) : undefined);
    if (reason) return reason;
    const nothing = () => undefined;
    const place: Place = { address, own, admitted: false, since: this.#now(), onAdmitted: nothing, onExpired: nothing };
    this.#perAddress.add(limitKey(address));
    if (!own) this.#perNetwork.add(networkKey(address));
    if (full) {
      places.wait(place);
      this.#expiry ??= this.#armExpiry();
    } else places.take(place);
    this.#status.changed();
    return place;
  }

  leave(place: Place): void {
    const places = place.own ? this.#own : this.#world;
    if (!places.leave(place)) return;
    this.#perAddress.remove(limitKey(place.address));
    if (!place.own) this.#perNetwork.remove(networkKey(place.address));
    places.admit(this.limit);
    this.#status.changed();
  }

  /** After a limit was raised: those who wait need not wait for somebody to leave. */
  admitWaiting(): void {
    for (const places of [this.#own, this.#world]) places.admit(this.limit);
    this.#status.changed();
  }

  /** Told by whoever turns a client away. */
  countRefusal(reason: RefusalReason): void {
    this.#refused[reason] = (this.#refused[reason] ?? 0) + 1;
  }

  #overOwnLimit(address: string): RefusalReason | undefined {
    const { maxPerAddress, maxPerNetwork, ratePerAddress, ratePerNetwork } = this.#limits;
    const [key, network] = [limitKey(address), networkKey(address)];
    const addressRate = this.#addressRate.add(key);
    const networkRate = this.#networkRate.add(network);
    if (exceeds(addressRate, ratePerAddress)) return 'address-rate';
    if (exceeds(networkRate, ratePerNetwork)) return 'network-rate';
    if (this.#perAddress.of(key) >= maxPerAddress) return 'address-full';
    return exceeds(this.#perNetwork.of(network) + 1, maxPerNetwork) ? 'network-full' : undefined;
  }

  #noRoomToWait(places: Places): RefusalReason | undefined {
    const { whenFull = 'refuse', maxWaiting = 0 } = this.#limits;
    return whenFull === 'wait' && places.waiting < maxWaiting ? undefined : 'service-full';
  }

  #load(): ServiceLoad {
    const [world, own] = [this.#world, this.#own];
    return { open: world.open + own.open, limit: this.limit, waiting: world.waiting + own.waiting };
  }

  /** One timer for all who wait: it goes off when the one who has waited longest has waited long enough. */
  #armExpiry(): NodeJS.Timeout {
    const since = [this.#own.oldest, this.#world.oldest].map((place) => place?.since ?? Number.POSITIVE_INFINITY);
    const timer = setTimeout(() => this.#expire(), Math.max(0, Math.min(...since) + MAX_WAIT_MS - this.#now()));
    timer.unref();
    return timer;
  }

  #expire(): void {
    const until = this.#now() - MAX_WAIT_MS;
    for (const places of [this.#own, this.#world]) {
      for (let place = places.oldest; place && place.since <= until; place = places.oldest) {
        this.leave(place);
        place.onExpired();
      }
    }
    this.#expiry = this.#own.oldest || this.#world.oldest ? this.#armExpiry() : undefined;
  }
}
