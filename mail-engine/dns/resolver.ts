/**
 * The resolver over node:dns: given servers (`ip` or `ip:port`) or the system's, bounded time and cache, equal questions under
 * way asked once. Addresses are kept for their TTL within limits; node gives none for MX and PTR, so those are kept for five minutes, and
 * so that a domain just set up is soon found, what does not exist for one. Failures are not kept.
 */
import { Resolver } from 'node:dns/promises';
import type { Clock } from '#engine/queue/clock.ts';
import { AnswerCache } from './answer-cache.ts';
import type { DnsAnswer, DnsResolver, MxRecord } from './types.ts';

export interface ResolverOptions {
  /** The system's when undefined. */
  servers?: readonly string[] | undefined;
  clock: Clock;
  /** First wait for an answer; doubled on each of `tries`. */
  timeoutMs?: number;
  tries?: number;
  cacheEntries?: number;
}

interface Found<Item> {
  records: readonly Item[];
  ttlMs: number;
}

const UNTIMED_TTL_MS = 300_000;
const NEGATIVE_TTL_MS = 60_000;
const MIN_TTL_MS = 30_000;
const MAX_TTL_MS = 3_600_000;
/** More records than this in one answer are nobody's mail set-up. */
const MAX_RECORDS = 100;

/** What c-ares calls the two kinds of "no", and a name that cannot exist. */
const NEGATIVE: Readonly<Record<string, 'nxdomain' | 'nodata'>> = {
  ENOTFOUND: 'nxdomain',
  ENODATA: 'nodata',
  EBADNAME: 'nxdomain',
};

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

async function ask<Item>(question: () => Promise<Found<Item>>): Promise<[DnsAnswer<Item>, ttlMs: number]> {
  try {
    const { records, ttlMs } = await question();
    if (records.length === 0) return [{ kind: 'nodata' }, NEGATIVE_TTL_MS];
    return [{ kind: 'records', records: records.slice(0, MAX_RECORDS) }, ttlMs];
  } catch (error) {
    const negative = NEGATIVE[errorCode(error)];
    if (negative) return [{ kind: negative }, NEGATIVE_TTL_MS];
    return [{ kind: 'failure', reason: errorCode(error) }, 0];
  }
}

/** What cannot be in a host's name becomes what no name has: such a host is one without addresses. */
const NOT_IN_HOST = /[^a-z0-9._-]/g;

async function askMx(resolver: Resolver, domain: string): Promise<Found<MxRecord>> {
  const answers = await resolver.resolveMx(domain);
  const records = answers.map(({ priority, exchange }) => ({
    preference: priority,
    exchange: exchange.toLowerCase().replace(/\.$/, '').replaceAll(NOT_IN_HOST, '?'),
  }));
  return { records, ttlMs: UNTIMED_TTL_MS };
}

async function askAddresses(resolver: Resolver, host: string, family: 4 | 6): Promise<Found<string>> {
  const answers = await (family === 4
    ? resolver.resolve4(host, { ttl: true })
    : resolver.resolve6(host, { ttl: true }));
  const ttlSeconds = Math.min(...answers.map(({ ttl }) => ttl));
  const ttlMs = Math.min(MAX_TTL_MS, Math.max(MIN_TTL_MS, ttlSeconds * 1000));
  return { records: answers.map(({ address }) => address), ttlMs };
}

async function askPointer(resolver: Resolver, address: string): Promise<Found<string>> {
  const names = await resolver.reverse(address);
  return { records: names.map((name) => name.toLowerCase().replace(/\.$/, '')), ttlMs: UNTIMED_TTL_MS };
}

async function askText(resolver: Resolver, name: string): Promise<Found<string>> {
  const answers = await resolver.resolveTxt(name);
  return { records: answers.map((strings) => strings.join('')), ttlMs: UNTIMED_TTL_MS };
}

/** Throws where a server is no `ip[:port]`. */
export function createResolver(options: ResolverOptions): DnsResolver {
  const { clock, timeoutMs = 3000, tries = 3, cacheEntries = 10_000 } = options;
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (options.servers) resolver.setServers(options.servers);
  const cache = new AnswerCache<DnsAnswer<unknown>>(cacheEntries, () => clock.now().getTime());
  const underWay = new Map<string, Promise<DnsAnswer<unknown>>>();

  async function askOnce<Item>(key: string, question: () => Promise<Found<Item>>): Promise<DnsAnswer<Item>> {
    const pending = underWay.get(key);
    const known = cache.get(key) ?? (pending === undefined ? undefined : await pending);
    // A key names its record type, so the items are of that type.
    if (known !== undefined) return known as DnsAnswer<Item>;
    const asking = ask(question).then(([answer, ttlMs]) => {
      if (ttlMs > 0) cache.set(key, answer, ttlMs);
      return answer;
    });
    underWay.set(key, asking);
    try {
      return await asking;
    } finally {
      underWay.delete(key);
    }
  }

  return {
    resolveMx: (domain) => askOnce(`MX ${domain.toLowerCase()}`, () => askMx(resolver, domain)),
    resolveAddresses: (host, family) =>
      askOnce(`${family} ${host.toLowerCase()}`, () => askAddresses(resolver, host, family)),
    resolveText: (name) => askOnce(`TXT ${name.toLowerCase()}`, () => askText(resolver, name)),
    resolvePointer: (address) => askOnce(`PTR ${address}`, () => askPointer(resolver, address)),
    close: () => resolver.cancel(),
  };
}
