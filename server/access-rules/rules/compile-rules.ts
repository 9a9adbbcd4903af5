/**
 * Rules as they are looked up: the records that tcprules would write, in its order, and the IPv6 networks, which have no place there.
 *
 * The records of networks that had to be cut up come behind all others, longer networks first. As the first record of a key counts,
 * a longer prefix beats a shorter one and the cdb decides exactly as the rules in memory do.
 *
 * Refused: what does not parse, and more than `MAX_RECORDS`.
 */
import { type Expansion, expandAddress } from './expand-address.ts';
import { parseRules, type RuleLine, type RuleRemark } from './parse-rules.ts';

interface RuleRecord {
  key: string;
  rule: RuleLine;
}

interface Ipv6Network {
  /** The leading `bits` bits. */
  network: bigint;
  bits: number;
  rule: RuleLine;
}

export interface CompiledRules {
  rules: readonly RuleLine[];
  records: readonly RuleRecord[];
  networks: readonly Ipv6Network[];
  /** With any, the rest is what could be understood and must not be used. */
  errors: readonly RuleRemark[];
  warnings: readonly RuleRemark[];
}

const MAX_RECORDS = 100_000;

interface CutUp extends RuleRecord {
  bits: number;
}

class Compilation {
  readonly records: RuleRecord[] = [];
  readonly cutUp: CutUp[] = [];
  readonly networks: Ipv6Network[] = [];
  readonly errors: RuleRemark[] = [];

  add(rule: RuleLine, expansion: Expansion): void {
    if (expansion.kind === 'error') this.errors.push({ line: rule.line, column: 1, message: expansion.message });
    else if (expansion.kind === 'ipv6') this.networks.push({ ...expansion, rule });
    else this.#addKeys(rule, expansion.keys, expansion.prefixBits);
  }

  get size(): number {
    return this.records.length + this.cutUp.length + this.networks.length;
  }

  #addKeys(rule: RuleLine, keys: readonly string[], bits: number | null): void {
    for (const key of keys) {
      if (bits === null) this.records.push({ key, rule });
      else this.cutUp.push({ key, rule, bits });
    }
  }
}

export function compileRules(text: string): CompiledRules {
  const { rules, errors, warnings } = parseRules(text);
  const found = new Compilation();
  found.errors.push(...errors);
  for (const rule of rules) {
    found.add(rule, expandAddress(rule.address));
    if (found.size <= MAX_RECORDS) continue;
    const message = `From here on it is too much: ranges and networks may stand for ${MAX_RECORDS} addresses at most.`;
    found.errors.push({ line: rule.line, column: 1, message });
    break;
  }
  const cutUp = found.cutUp.sort((a, b) => b.bits - a.bits).map(({ key, rule }) => ({ key, rule }));
  const sorted = found.errors.sort((a, b) => a.line - b.line);
  return { rules, records: [...found.records, ...cutUp], networks: found.networks, errors: sorted, warnings };
}
