/**
 * Where mail for a domain goes: RFC 5321 §5.1, RFC 7505 (null MX), address literals (RFC 5321 §4.1.3). Hosts come in the order to
 * try: by preference, equal ones shuffled, each with its addresses, families taking turns. A host that is ourselves is left out
 * with every host of the same or a worse preference, so mail never loops back; where nothing is left, that is a refusal.
 */
import { readAddressLiteral } from './address-literal.ts';
import { isPublicAddress } from './public-address.ts';
import type { DnsAnswer, DnsResolver, MxRecord } from './types.ts';

export interface MailHost {
  name: string;
  preference: number;
  /** At least one. */
  addresses: readonly string[];
}

/** `refused` is for good, `unavailable` worth a retry; `status` is RFC 3463's. */
export type MailRoute =
  | { kind: 'hosts'; hosts: readonly MailHost[] }
  | { kind: 'refused'; status: string; reason: string }
  | { kind: 'unavailable'; status: string; reason: string };

export interface RouteOptions {
  resolver: DnsResolver;
  /** Our own name and addresses, which are no destination. */
  ownHostname: string;
  isOwnAddress: (address: string) => boolean;
  allowPrivateDestinations: boolean;
  /** In [0, 1). */
  random: () => number;
}

interface Candidate {
  name: string;
  preference: number;
  addresses: string[];
  failure: string | null;
}

/** Hosts looked up at most; a domain that lists more has its best ones tried. */
const MAX_HOSTS = 10;

function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** [a1, a2], [b1] → a1, b1, a2 */
function takeTurns(first: readonly string[], second: readonly string[]): string[] {
  const turns: string[] = [];
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    turns.push(...first.slice(index, index + 1), ...second.slice(index, index + 1));
  }
  return turns;
}

async function findAddresses(host: MxRecord, options: RouteOptions): Promise<Candidate> {
  const answers = await Promise.all([
    options.resolver.resolveAddresses(host.exchange, 6),
    options.resolver.resolveAddresses(host.exchange, 4),
  ]);
  const [ipv6, ipv4] = answers.map((answer) =>
    answer.kind === 'records' ? shuffle(answer.records, options.random) : [],
  );
  const failure = answers.find((answer) => answer.kind === 'failure');
  return {
    name: host.exchange,
    preference: host.preference,
    addresses: takeTurns(ipv6 ?? [], ipv4 ?? []),
    failure: failure?.reason ?? null,
  };
}

/** The hosts better than ourselves; all of them where we are not among them. */
function dropOwn(candidates: readonly Candidate[], options: RouteOptions): Candidate[] {
  const own = candidates.filter(
    ({ name, addresses }) => name === options.ownHostname || addresses.some((address) => options.isOwnAddress(address)),
  );
  const limit = Math.min(...own.map(({ preference }) => preference));
  return candidates.filter(({ preference }) => preference < limit);
}

function toRoute(domain: string, found: readonly Candidate[], options: RouteOptions): MailRoute {
  const others = dropOwn(found, options);
  if (others.length === 0)
    return { kind: 'refused', status: '5.4.6', reason: `mail for ${domain} loops back to myself` };
  const allowed = (address: string) => options.allowPrivateDestinations || isPublicAddress(address);
  const hosts = others
    .map(({ name, preference, addresses }) => ({ name, preference, addresses: addresses.filter(allowed) }))
    .filter(({ addresses }) => addresses.length > 0);
  if (hosts.length > 0) return { kind: 'hosts', hosts };
  const failure = others.find((candidate) => candidate.failure !== null);
  if (failure) {
    const reason = `addresses of ${failure.name}, mail host of ${domain}: ${failure.failure}`;
    return { kind: 'unavailable', status: '4.4.3', reason };
  }
  const barred = others.some(({ addresses }) => addresses.length > 0);
  const reason = barred ? 'have only addresses mail is not sent to' : 'have no address';
  return { kind: 'refused', status: '5.4.4', reason: `the mail hosts of ${domain} ${reason}` };
}

function sortHosts(records: readonly MxRecord[], random: () => number): MxRecord[] {
  return shuffle(records, random)
    .sort((a, b) => a.preference - b.preference)
    .slice(0, MAX_HOSTS);
}

/** The MX records to use, implicit one included (RFC 5321 §5.1), or the end of the search. */
function readMx(domain: string, answer: DnsAnswer<MxRecord>): MailRoute | readonly MxRecord[] {
  switch (answer.kind) {
    case 'failure':
      return { kind: 'unavailable', status: '4.4.3', reason: `MX of ${domain}: ${answer.reason}` };
    case 'nxdomain':
      return { kind: 'refused', status: '5.1.2', reason: `domain ${domain} does not exist` };
    case 'nodata':
      return [{ preference: 0, exchange: domain }];
    case 'records': {
      const named = answer.records.filter(({ exchange }) => exchange !== '');
      if (named.length > 0) return named;
      return { kind: 'refused', status: '5.1.10', reason: `556 domain ${domain} accepts no mail (null MX)` };
    }
  }
}

function routeToLiteral(domain: string, address: string, options: RouteOptions): MailRoute {
  return toRoute(domain, [{ name: domain, preference: 0, addresses: [address], failure: null }], options);
}

/** `domain` in A-labels, any case, or an address literal. */
export async function findMailRoute(domain: string, options: RouteOptions): Promise<MailRoute> {
  const literal = readAddressLiteral(domain);
  if (literal !== null) return routeToLiteral(domain, literal, options);
  const name = domain.toLowerCase().replace(/\.$/, '');
  if (name === '' || name.length > 253 || /[[\]\s:]/.test(name)) {
    return { kind: 'refused', status: '5.1.2', reason: 'the address has no usable domain' };
  }
  const mx = readMx(name, await options.resolver.resolveMx(name));
  if ('kind' in mx) return mx;
  const hosts = sortHosts(mx, options.random);
  const found = await Promise.all(hosts.map((host) => findAddresses(host, options)));
  return toRoute(name, found, options);
}
