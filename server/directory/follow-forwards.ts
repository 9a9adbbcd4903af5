/**
 * Follows an address over the forwards that stay here to where its mail ends: accounts, addresses elsewhere, responders. Every
 * address is visited once, so circles end; more than `MAX_ADDRESSES` of them is taken for one.
 */
import { normaliseAddress } from '../addresses/normalise-address.ts';
import type { Resolved, ResolvedAddress } from './resolve-address.ts';
import type { DeliverableRecipient, RecipientResolution, RemoteTarget } from './types.ts';

const MAX_ADDRESSES = 200;

type Find = (address: string) => Resolved | Promise<Resolved>;

class Journey {
  readonly #targets = new Map<number, DeliverableRecipient['targets'][number]>();
  readonly #remotes = new Map<string, RemoteTarget>();
  readonly #responders = new Set<number>();
  readonly #seen = new Set<string>();
  readonly #ahead: string[] = [];
  #someSuspended = false;
  #circles = false;

  constructor(start: string) {
    this.#seen.add(start);
  }

  enter(address: ResolvedAddress): void {
    for (const target of address.targets) this.#targets.set(target.accountId, target);
    if (address.responderId !== null) this.#responders.add(address.responderId);
    if (address.someSuspended) this.#someSuspended = true;
    for (const forward of address.forwards) {
      if (this.#seen.has(forward)) this.#circles = true;
      else {
        this.#seen.add(forward);
        this.#ahead.push(forward);
      }
    }
  }

  /** False where there are too many to follow. */
  async run(find: Find): Promise<boolean> {
    for (let next = this.#ahead.shift(); next !== undefined; next = this.#ahead.shift()) {
      if (this.#seen.size > MAX_ADDRESSES) return false;
      const resolved = await find(next);
      if (resolved.kind === 'found') this.enter(resolved);
      else if (resolved.kind === 'suspended') this.#someSuspended = true;
      else if (resolved.kind === 'not-hosted') this.#leave(next);
    }
    return true;
  }

  #leave(address: string): void {
    const destination = normaliseAddress(address)?.domain;
    if (destination !== undefined) this.#remotes.set(address, { address, destination });
  }

  end(by: ResolvedAddress['by']): RecipientResolution {
    const targets = [...this.#targets.values()];
    const remotes = [...this.#remotes.values()];
    const responderIds = [...this.#responders];
    if (targets.length + remotes.length + responderIds.length > 0) {
      return { kind: 'deliverable', by, targets, remotes, responderIds };
    }
    if (this.#someSuspended) return { kind: 'suspended' };
    return { kind: this.#circles ? 'circular' : 'unknown' };
  }
}

/** `first` is what `start` resolved to. */
export async function followForwards(start: string, first: ResolvedAddress, find: Find): Promise<RecipientResolution> {
  const journey = new Journey(start);
  journey.enter(first);
  return (await journey.run(find)) ? journey.end(first.by) : { kind: 'circular' };
}
