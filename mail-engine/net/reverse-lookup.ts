/**
 * The name of a client by its address, as tcpserver -h finds it: the first host name the DNS gives. Confirmed (tcpserver -p), a
 * name counts only where its own addresses hold the client's. Nobody waits longer than the time limit, and when too many look
 * up at once the next get no name: a slow DNS server costs names, not connections.
 */
import { isIPv6 } from 'node:net';
import type { DnsResolver } from '#engine/dns/types.ts';
import { normalizeAddress } from './peer-address.ts';

export interface ReverseLookupOptions {
  resolver: Pick<DnsResolver, 'resolvePointer' | 'resolveAddresses'>;
  timeoutMs?: number;
  maxConcurrent?: number;
}

/** The name in lower case; null where there is none, it is no host name, or it was not found in time. */
export type ReverseLookup = (address: string, mode: 'name' | 'confirmed') => Promise<string | null>;

const TIMEOUT_MS = 5_000;
const MAX_CONCURRENT = 1_000;
/** Of an address with many names these are tried. */
const MAX_NAMES = 3;
/** What a host may be called (RFC 1123 §2.1), and the underscore that is seen in the wild. */
const HOST = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

export function createReverseLookup(options: ReverseLookupOptions): ReverseLookup {
  const { resolver, timeoutMs = TIMEOUT_MS, maxConcurrent = MAX_CONCURRENT } = options;
  let underWay = 0;

  async function isConfirmed(name: string, address: string): Promise<boolean> {
    const answer = await resolver.resolveAddresses(name, isIPv6(address) ? 6 : 4);
    return answer.kind === 'records' && answer.records.some((record) => normalizeAddress(record) === address);
  }

  async function find(address: string, mode: 'name' | 'confirmed'): Promise<string | null> {
    const answer = await resolver.resolvePointer(address);
    if (answer.kind !== 'records') return null;
    for (const name of answer.records.filter((record) => HOST.test(record)).slice(0, MAX_NAMES)) {
      if (mode === 'name' || (await isConfirmed(name, address))) return name;
    }
    return null;
  }

  return async (address, mode) => {
    if (underWay >= maxConcurrent) return null;
    underWay++;
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => late.resolve(null), timeoutMs);
    try {
      return await Promise.race([find(address, mode), late.promise]);
    } finally {
      clearTimeout(timer);
      underWay--;
    }
  };
}
