/**
 * Who is hosted here, for every RCPT. Answers come from memory, which NOTIFY `mailstead_directory` empties and which is not
 * used at all while the listening connection is down: a change in the panel holds from the engine's next look, never "soon".
 * How full a mailbox is moves without notice: one with less than `AMPLE_BYTES` of room is looked at every time.
 */
import type { Pool } from 'pg';
import { type NormalisedAddress, normaliseAddress, normaliseDomain } from '../addresses/normalise-address.ts';
import { DIRECTORY_CHANNEL } from '../database/channels.ts';
import { createListener } from '../database/listener.ts';
import { type BoundedCache, createBoundedCache } from './bounded-cache.ts';
import { isDomainHosted, type Resolved, readUsage, resolveAddress } from './resolve-recipient.ts';
import type { DeliveryTarget, Directory, RecipientResolution } from './types.ts';

const MAX_ENTRIES = 50_000;
const AMPLE_BYTES = 256 * 1024 * 1024;
/** How long a mailbox seen with ample room is believed to have some. */
const AMPLE_FOR_MS = 5_000;

export interface DirectoryOptions {
  pool: Pool;
  /** For LISTEN: a direct connection to the database. */
  listenUrl: string;
  now?: () => Date;
}

type FullTest = (targets: readonly DeliveryTarget[]) => Promise<boolean>;

/** Tells whether none of the targets has room for even an empty message. */
function createFullTest(pool: Pool, now: () => Date): FullTest {
  // By account and quota, so that a lowered quota is looked at anew.
  const ampleUntil = new Map<string, number>();
  const keyOf = ({ accountId, quotaBytes }: DeliveryTarget): string => `${accountId}:${quotaBytes}`;

  const hasRoom = (target: DeliveryTarget, usedBytes: number): boolean => {
    const room = target.quotaBytes - usedBytes;
    if (room >= AMPLE_BYTES) {
      if (ampleUntil.size >= MAX_ENTRIES) ampleUntil.clear();
      ampleUntil.set(keyOf(target), now().getTime() + AMPLE_FOR_MS);
    }
    return room > 0;
  };
  return async (targets) => {
    const at = now().getTime();
    const isAmple = (target: DeliveryTarget): boolean =>
      target.quotaBytes === 0 || (ampleUntil.get(keyOf(target)) ?? 0) > at;
    if (targets.some(isAmple)) return false;
    const ids = targets.map((target) => target.accountId);
    const usage = await readUsage(pool, ids);
    return !targets.some((target) => hasRoom(target, usage.get(target.accountId) ?? 0));
  };
}

function resolveCached(pool: Pool, cache: BoundedCache<Resolved>, { address, domain, localPart }: NormalisedAddress) {
  return cache.get(address, () => resolveAddress(pool, domain, localPart));
}

export async function createDirectory(options: DirectoryOptions): Promise<Directory> {
  const { pool, listenUrl, now = () => new Date() } = options;
  const addresses = createBoundedCache<Resolved>(MAX_ENTRIES);
  const domains = createBoundedCache<boolean>(MAX_ENTRIES);
  const caches = [addresses, domains];
  const areFull = createFullTest(pool, now);
  const listener = await createListener({
    url: listenUrl,
    channel: DIRECTORY_CHANNEL,
    onNotify: () => {
      for (const cache of caches) cache.clear();
    },
    onUp: () => {
      for (const cache of caches) cache.enable();
    },
    onDown: () => {
      for (const cache of caches) cache.disable();
    },
  });

  const isHosted: Directory['isHosted'] = async (domain) => {
    const name = normaliseDomain(domain);
    return name !== undefined && domains.get(name, () => isDomainHosted(pool, name));
  };
  const resolveRecipient = async (address: string): Promise<RecipientResolution> => {
    const normalised = normaliseAddress(address);
    if (!normalised) {
      // A local part no account can have, at a domain that may still be ours.
      return { kind: (await isHosted(address.slice(address.lastIndexOf('@') + 1))) ? 'unknown' : 'not-hosted' };
    }
    const resolved = await resolveCached(pool, addresses, normalised);
    if (resolved.kind === 'accounts' && (await areFull(resolved.targets))) return { kind: 'over-quota' };
    return resolved;
  };
  const ownsAddress: Directory['ownsAddress'] = async (accountId, address) => {
    const normalised = normaliseAddress(address);
    const resolved = normalised && (await resolveCached(pool, addresses, normalised));
    return resolved?.kind === 'accounts' && resolved.targets.some((target) => target.accountId === accountId);
  };
  return { resolveRecipient, isHosted, ownsAddress, close: () => listener.close() };
}
