/**
 * Access decisions for the engine, from memory: rules and openings are read once and again whenever the database says so. While the
 * listening connection is down the last known rules hold, and no opening is believed: one may have been revoked.
 */
import type { Pool } from 'pg';
import { ACCESS_CHANNEL } from '../../database/channels.ts';
import { createListener } from '../../database/listener.ts';
import { logger } from '../../logger.ts';
import { mayRelayByRule } from '../may-relay-by-rule.ts';
import type { AccessDecision, AccessPolicy } from '../types.ts';
import { loadOpeningDomains, loadOpenings } from './load-openings.ts';
import { loadRules, type RuleTables } from './load-rules.ts';
import { Openings } from './openings.ts';

const log = logger('access');
const RETRY_MS = 1_000;
const UNRESTRICTED: AccessDecision = { allow: true, rule: null, variables: new Map() };

export interface AccessPolicyOptions {
  pool: Pool;
  /** For LISTEN: a direct connection to the database. */
  listenUrl: string;
  now?: () => Date;
}

export interface LiveAccessPolicy extends AccessPolicy {
  /** Until when (ms of the epoch) `accountId`'s sign-in holds relaying open for the client's address; 0 where it does not. */
  openUntil(address: string, accountId: number): number;
  /** True where the domain has POP-before-SMTP on. */
  wantsOpening(domainId: number): boolean;
  close(): Promise<void>;
}

/** What has to be read anew. */
interface Stale {
  rules: boolean;
  allOpenings: boolean;
  addresses: Set<string>;
}

const nothing = (): Stale => ({ rules: false, allOpenings: false, addresses: new Set() });
const everything = (): Stale => ({ rules: true, allOpenings: true, addresses: new Set() });

function add(stale: Stale, more: Stale): void {
  stale.rules ||= more.rules;
  stale.allOpenings ||= more.allOpenings;
  for (const address of more.addresses) stale.addresses.add(address);
}

function staleBy(payload: string): Stale {
  if (payload === 'rules') return { ...nothing(), rules: true };
  if (payload === 'openings') return { ...nothing(), allOpenings: true };
  return { ...nothing(), addresses: new Set([payload]) };
}

class MemoryPolicy {
  readonly #pool: Pool;
  readonly #now: () => Date;
  readonly #openings = new Openings();
  #rules: RuleTables | undefined;
  #domains: ReadonlySet<number> = new Set();
  #listening = false;
  /** Whether what is remembered of openings is all there is, and told of when it changes. */
  #believesOpenings = false;
  #failure: Error | undefined;
  #stale = nothing();
  #reading: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(pool: Pool, now: () => Date) {
    this.#pool = pool;
    this.#now = now;
  }

  readonly decide: AccessPolicy['decide'] = (service, client) => {
    const ruled = this.#rules?.get(service)?.find(client)?.decision ?? UNRESTRICTED;
    if (service !== 'smtp' || mayRelayByRule(ruled)) return ruled;
    return this.#findOpening(client.address) ?? ruled;
  };

  readonly openUntil: LiveAccessPolicy['openUntil'] = (address, accountId) => {
    return this.#believesOpenings ? this.#openings.until(address, accountId) : 0;
  };

  readonly wantsOpening: LiveAccessPolicy['wantsOpening'] = (domainId) => this.#domains.has(domainId);

  /** Rejects where the first look fails. */
  async start(): Promise<void> {
    this.refresh(everything());
    await this.#reading;
    if (this.#rules === undefined) throw this.#failure ?? new Error('the access rules were not read');
  }

  /** From now on every change is told of; what was read before may be missing one. */
  trust(): void {
    this.#listening = true;
    this.refresh(everything());
  }

  /** One look is under way at a time; what is told of meanwhile is for the next. */
  refresh(more: Stale): void {
    add(this.#stale, more);
    this.#reading ??= this.#catchUp().finally(() => {
      this.#reading = undefined;
    });
  }

  distrust(): void {
    this.#listening = false;
    this.#believesOpenings = false;
  }

  async close(): Promise<void> {
    clearTimeout(this.#retry);
    this.#stale = nothing();
    await this.#reading;
  }

  #findOpening(address: string): AccessDecision | undefined {
    return this.#believesOpenings ? this.#openings.decide(address, this.#now().getTime()) : undefined;
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const stale = this.#stale;
      if (!stale.rules && !stale.allOpenings && stale.addresses.size === 0) return;
      this.#stale = nothing();
      try {
        await this.#read(stale);
      } catch (error) {
        this.#failure = error as Error;
        log.warn({ err: this.#failure.message }, 'access rules could not be read, trying again');
        this.#retry = setTimeout(() => this.refresh(stale), RETRY_MS);
        return;
      }
    }
  }

  async #read({ rules, allOpenings, addresses }: Stale): Promise<void> {
    const listening = this.#listening;
    if (rules) this.#rules = await loadRules(this.#pool, this.#rules);
    if (!allOpenings && addresses.size === 0) return;
    const found = await loadOpenings(this.#pool, allOpenings ? null : [...addresses], this.#now());
    if (allOpenings) {
      this.#domains = await loadOpeningDomains(this.#pool);
      this.#openings.clear();
    }
    for (const [address, openings] of found) this.#openings.set(address, openings);
    if (allOpenings) this.#believesOpenings = listening && this.#listening;
  }
}

/** Resolves with the rules in memory; rejects when they cannot be read at first. */
export async function createAccessPolicy(options: AccessPolicyOptions): Promise<LiveAccessPolicy> {
  const { pool, listenUrl, now = () => new Date() } = options;
  const policy = new MemoryPolicy(pool, now);
  const listener = await createListener({
    url: listenUrl,
    channel: ACCESS_CHANNEL,
    onNotify: (payload) => policy.refresh(staleBy(payload)),
    onUp: () => policy.trust(),
    onDown: () => policy.distrust(),
  });
  const close = async (): Promise<void> => {
    await listener.close();
    await policy.close();
  };
  try {
    await policy.start();
  } catch (error) {
    await close();
    throw error;
  }
  const { decide, openUntil, wantsOpening } = policy;
  return { decide, openUntil, wantsOpening, close };
}
