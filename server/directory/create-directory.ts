/**
 * Who is hosted here, for every RCPT. Answers come from memory, which NOTIFY `mailstead_directory` empties and which is not
 * used at all while the listening connection is down: a change in the panel holds from the engine's next look, never "soon".
 * How full a mailbox is moves without notice: `full-test.ts`.
 */
import type { Pool } from 'pg';
import { type NormalisedAddress, normaliseAddress, normaliseDomain } from '../addresses/normalise-address.ts';
import { DIRECTORY_CHANNEL } from '../database/channels.ts';
import { createListener } from '../database/listener.ts';
import { type Soon, whenThere } from '../soon.ts';
import { type BoundedCache, createBoundedCache } from './bounded-cache.ts';
import { possibleNames } from './extension.ts';
import { followForwards } from './follow-forwards.ts';
import { createFullTest } from './full-test.ts';
import { createPostmaster, isPostmaster, type PostmasterOptions } from './postmaster.ts';
import { isDomainHosted, type Resolved, type ResolvedAddress, resolveAddress } from './resolve-address.ts';
import { type Grants, readGrants } from './send-as.ts';
import type { Directory, RecipientResolution } from './types.ts';

/** Addresses that exist, some 400 bytes each: all of a big host's. Names that do not, or that somebody made up, are kept apart. */
const MAX_ADDRESSES = 150_000;
const MAX_MADE_UP = 20_000;
const MAX_DOMAINS = 50_000;
/** Accounts that send as what is not their own. */
const MAX_SENDERS = 10_000;
/** What answers rest on. */
const TABLES: ReadonlySet<string> = new Set([
  'domain',
  'account',
  'address',
  'address_target',
  'forward_destination',
  'responder',
  'send_as_grant',
]);

export interface DirectoryOptions {
  pool: Pool;
  /** For LISTEN: a direct connection to the database. */
  listenUrl: string;
  /** What separates a name from its extension, each character for itself; empty: there are no extensions. Read at every question. */
  separators?: () => string;
  /** Nobody stands in where it is left out. */
  postmaster?: PostmasterOptions;
  now?: () => Date;
}

const NONE: readonly never[] = [];
const NO_POSTMASTER: PostmasterOptions = { hostname: '', address: () => '' };

/** Of an address that forwards nothing. */
function endHere({ by, targets, responderId }: ResolvedAddress): RecipientResolution {
  return { kind: 'deliverable', by, targets, remotes: NONE, responderIds: responderId === null ? NONE : [responderId] };
}

function isMadeUp(resolved: Resolved): boolean {
  return resolved.kind !== 'found' || resolved.by !== 'name';
}

function createCaches() {
  const addresses = createBoundedCache<Resolved>({
    maxEntries: MAX_ADDRESSES,
    isMinor: isMadeUp,
    maxMinor: MAX_MADE_UP,
  });
  const domains = createBoundedCache<boolean>({
    maxEntries: MAX_DOMAINS,
    isMinor: (hosted) => !hosted,
    maxMinor: MAX_MADE_UP,
  });
  const grants = createBoundedCache<Grants>({ maxEntries: MAX_SENDERS });
  return { addresses, domains, grants };
}

/** Asks memory, then the database; other separators than last time are other names, so memory begins anew. */
function createFind(pool: Pool, cache: BoundedCache<Resolved>, separators: () => string) {
  let known = separators();
  return ({ address, domain, localPart }: NormalisedAddress): Resolved | Promise<Resolved> => {
    const current = separators();
    if (current !== known) cache.clear();
    known = current;
    return cache.get(address, () => resolveAddress(pool, domain, possibleNames(localPart, current)));
  };
}

export async function createDirectory(options: DirectoryOptions): Promise<Directory> {
  const { pool, listenUrl, separators = () => '+', now = () => new Date() } = options;
  const { addresses, domains, grants } = createCaches();
  const caches = [addresses, domains, grants];
  const areFull = createFullTest(pool, now);
  const listener = await createListener({
    url: listenUrl,
    channel: DIRECTORY_CHANNEL,
    onNotify: (table) => {
      if (TABLES.has(table)) for (const cache of caches) cache.clear();
    },
    onUp: () => {
      for (const cache of caches) cache.enable();
    },
    onDown: () => {
      for (const cache of caches) cache.disable();
    },
  });
  const find = createFind(pool, addresses, separators);
  const findAddress = (address: string): Resolved | Promise<Resolved> => {
    const normalised = normaliseAddress(address);
    return normalised ? find(normalised) : { kind: 'unknown' };
  };

  const isHosted: Directory['isHosted'] = async (domain) => {
    const name = normaliseDomain(domain);
    return name !== undefined && domains.get(name, () => isDomainHosted(pool, name));
  };
  const postmaster = createPostmaster(options.postmaster ?? NO_POSTMASTER, isHosted);
  /** As `findAddress`, for where mail goes. */
  const findEnd = async (address: string): Promise<Resolved> => {
    const normalised = normaliseAddress(address);
    return normalised ? postmaster.standIn(normalised, await find(normalised)) : { kind: 'unknown' };
  };
  /** A local part no account can have, at a domain that may still be ours. */
  const refuseName = async (address: string): Promise<RecipientResolution> => {
    return { kind: (await isHosted(address.slice(address.lastIndexOf('@') + 1))) ? 'unknown' : 'not-hosted' };
  };
  const unlessFull = (ends: RecipientResolution, fullAtPercent: number): Soon<RecipientResolution> => {
    if (ends.kind !== 'deliverable' || ends.remotes.length > 0 || ends.responderIds.length > 0) return ends;
    return whenThere(areFull(ends.targets, fullAtPercent), (full) => (full ? { kind: 'over-quota' } : ends));
  };
  const resolveRecipient: Directory['resolveRecipient'] = (address, fullAtPercent = 100) => {
    const normalised = normaliseAddress(address);
    if (!normalised) return refuseName(address);
    const asked = whenThere(find(normalised), (resolved) =>
      resolved.kind !== 'found' && isPostmaster(normalised) ? postmaster.standIn(normalised, resolved) : resolved,
    );
    return whenThere(asked, (resolved) => {
      if (resolved.kind !== 'found') return resolved;
      if (resolved.forwards.length === 0) return unlessFull(endHere(resolved), fullAtPercent);
      return followForwards(normalised.address, resolved, findEnd).then((ends) => unlessFull(ends, fullAtPercent));
    });
  };
  const isGranted = async (accountId: number, address: string): Promise<boolean> => {
    const normalised = normaliseAddress(address);
    if (!normalised) return false;
    const granted = await grants.get(String(accountId), () => readGrants(pool, accountId));
    return granted.has(normalised.address) || granted.has(`@${normalised.domain}`);
  };
  const maySendAs: Directory['maySendAs'] = async (accountId, address) => {
    const resolved = await findAddress(address);
    const owns = resolved.kind === 'found' && resolved.by !== 'catch-all';
    if (owns && resolved.targets.some((target) => target.accountId === accountId)) return true;
    return isGranted(accountId, address);
  };
  const { isHosts: isHostPostmaster } = postmaster;
  return { resolveRecipient, isHosted, isHostPostmaster, maySendAs, close: () => listener.close() };
}
