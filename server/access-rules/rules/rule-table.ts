/**
 * Rules in memory. The look-up order is tcpserver's, and the first hit decides everything:
 *
 * 1. the client's address;  2. `=name`;  3. its prefixes, longest first;  4. `=.domain` for each domain its name is in, longest
 * first;  5. `=` where it has a name;  6. the rule without an address.
 *
 * IPv4 networks are in the keys of 1 (longer than /24) and 3; of an IPv6 client, /128 is its address and any shorter one a prefix.
 * The two keys with a user's name are never asked for: the ident protocol is not spoken.
 */
import type { AccessClient, AccessDecision } from '../types.ts';
import type { CompiledRules } from './compile-rules.ts';
import { ipv6Number } from './ipv6-number.ts';
import type { RuleLine } from './parse-rules.ts';

interface RuleHit {
  rule: RuleLine;
  decision: AccessDecision;
}

export interface RuleTable {
  /** Undefined where no rule hits, which allows. */
  find(client: AccessClient): RuleHit | undefined;
}

const ADDRESS_BITS = 128;

interface Networks {
  bits: number;
  hits: Map<bigint, RuleHit>;
}

function createHits(): (rule: RuleLine) => RuleHit {
  const made = new Map<RuleLine, RuleHit>();
  return (rule) => {
    const { allow, address, variables } = rule;
    const values = new Map(variables.map(({ name, value }) => [name, value]));
    const hit = made.get(rule) ?? { rule, decision: { allow, rule: address, variables: values } };
    made.set(rule, hit);
    return hit;
  };
}

/** By length, longest first. */
function groupNetworks({ networks }: CompiledRules, hitOf: (rule: RuleLine) => RuleHit): Networks[] {
  const groups = new Map<number, Map<bigint, RuleHit>>();
  for (const { network, bits, rule } of networks) {
    const hits = groups.get(bits) ?? new Map<bigint, RuleHit>();
    if (!hits.has(network)) hits.set(network, hitOf(rule));
    groups.set(bits, hits);
  }
  return [...groups].map(([bits, hits]) => ({ bits, hits })).sort((a, b) => b.bits - a.bits);
}

function* suffixesOf(hostname: string): Iterable<string> {
  for (let dot = hostname.indexOf('.'); dot >= 0; dot = hostname.indexOf('.', dot + 1)) yield `=${hostname.slice(dot)}`;
}

export function createRuleTable(compiled: CompiledRules): RuleTable {
  const hitOf = createHits();
  const keys = new Map<string, RuleHit>();
  for (const { key, rule } of compiled.records) if (!keys.has(key)) keys.set(key, hitOf(rule));
  const networks = groupNetworks(compiled, hitOf);

  const findNetwork = (address: bigint, isWanted: (bits: number) => boolean): RuleHit | undefined => {
    for (const { bits, hits } of networks) {
      const hit = isWanted(bits) ? hits.get(address >> BigInt(ADDRESS_BITS - bits)) : undefined;
      if (hit) return hit;
    }
    return undefined;
  };
  const findPrefix = (address: string): RuleHit | undefined => {
    for (let dot = address.lastIndexOf('.'); dot >= 0; dot = address.lastIndexOf('.', dot - 1)) {
      const hit = keys.get(address.slice(0, dot + 1));
      if (hit) return hit;
      if (dot === 0) break;
    }
    return undefined;
  };
  const findDomain = (hostname: string): RuleHit | undefined => {
    for (const key of suffixesOf(hostname)) {
      const hit = keys.get(key);
      if (hit) return hit;
    }
    return keys.get('=');
  };
  return {
    find: ({ address, hostname }) => {
      const number = networks.length > 0 && address.includes(':') ? ipv6Number(address) : undefined;
      return (
        (number === undefined ? keys.get(address) : findNetwork(number, (bits) => bits === ADDRESS_BITS)) ??
        (hostname === null ? undefined : keys.get(`=${hostname}`)) ??
        (number === undefined ? findPrefix(address) : findNetwork(number, (bits) => bits < ADDRESS_BITS)) ??
        (hostname === null ? undefined : findDomain(hostname)) ??
        keys.get('')
      );
    },
  };
}
