/** What is allowed and yet hardly meant: rules that can never hit, values that say nothing. All warnings, in the order of lines. */
import { isIPv4 } from 'node:net';
import type { AccessService } from '../types.ts';
import type { CompiledRules } from './compile-rules.ts';
import { describeVariable } from './describe-variable.ts';
import { expandAddress } from './expand-address.ts';
import type { RuleLine, RuleRemark } from './parse-rules.ts';

const PREFIX = /^(?:(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\.){1,3}$/;
const MAPPED = 0xffffn;

export interface LintOptions {
  service: AccessService;
  /** Whether clients' names are looked up at all. */
  namesAreLookedUp: boolean;
}

function remarkOnName(address: string, { namesAreLookedUp }: LintOptions): string | undefined {
  if (address !== address.toLowerCase()) return 'Never hits: names are compared in lower case.';
  if (!namesAreLookedUp) return 'Never hits as things are: “Names of clients” is off in the settings.';
  return undefined;
}

function remarkOnKey(key: string, options: LintOptions): string | undefined {
  if (key === '' || isIPv4(key) || PREFIX.test(key)) return undefined;
  if (key.includes('@')) return 'Never hits: clients are not asked for user names (ident).';
  if (key.startsWith('=')) return remarkOnName(key, options);
  return `Never hits: “${key}” is no address. A prefix ends with a dot (192.0.2.), a name begins with “=”.`;
}

function remarkOnAddress({ address }: RuleLine, options: LintOptions): string | undefined {
  const expansion = expandAddress(address);
  if (expansion.kind === 'ipv6') {
    const isMapped = expansion.bits >= 96 && expansion.network >> BigInt(expansion.bits - 96) === MAPPED;
    return isMapped ? 'Never hits: such clients have their IPv4 address here.' : undefined;
  }
  if (expansion.kind === 'error') return undefined;
  const [first] = expansion.keys;
  if (first === undefined) return 'Does nothing: this range is empty.';
  const end = /^\D*[\d.]*\d*-(\d+)/.exec(address)?.[1];
  if (!/[=@]/.test(address) && Number(end ?? 0) > 255) return 'The range ends at 255.';
  return remarkOnKey(first, options);
}

function* remarksOnVariables({ allow, variables }: RuleLine, { service }: LintOptions): Iterable<string> {
  if (!allow && variables.length > 0) yield 'Variables of “deny” do nothing.';
  for (const { name, value } of variables) {
    if (name === '') yield 'A variable has no name.';
    else if (describeVariable(service, name, value) === null) yield `${name} is not set: its value is no number.`;
  }
}

/** Lines none of whose keys is the first of its kind. */
function findShadowed({ records, networks }: CompiledRules): Map<RuleLine, number> {
  const first = new Map<string, RuleLine>();
  const effective = new Set<RuleLine>();
  const shadowed = new Map<RuleLine, number>();
  const keyed = [
    ...records,
    ...networks.map(({ network, bits, rule }) => ({ key: `${network.toString(16)}/${bits}`, rule })),
  ];
  for (const { key, rule } of keyed) {
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, rule);
      effective.add(rule);
    } else if (before !== rule) shadowed.set(rule, before.line);
  }
  for (const rule of effective) shadowed.delete(rule);
  return shadowed;
}

export function lintRules(compiled: CompiledRules, options: LintOptions): RuleRemark[] {
  const shadowed = findShadowed(compiled);
  const found: RuleRemark[] = [...compiled.warnings];
  for (const rule of compiled.rules) {
    const by = shadowed.get(rule);
    const messages = [
      remarkOnAddress(rule, options),
      by === undefined ? undefined : `Does nothing: line ${by} already decides this address.`,
      ...remarksOnVariables(rule, options),
    ];
    for (const message of messages) if (message !== undefined) found.push({ line: rule.line, column: 1, message });
  }
  return found.sort((a, b) => a.line - b.line);
}
