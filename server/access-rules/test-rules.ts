import { z } from 'zod';
import type { Database } from '../database/prisma.ts';
import { defineOperation } from '../operation.ts';
import { readCurrentRules } from './current-rules.ts';
import { clientAddressInput, rulesTextInput, serviceInput } from './inputs.ts';
import { mayRelayByRule } from './may-relay-by-rule.ts';
import { findValidOpenings } from './pop-before-smtp/find-valid-openings.ts';
import { compileRules } from './rules/compile-rules.ts';
import { describeVariable } from './rules/describe-variable.ts';
import { ipv6Number } from './rules/ipv6-number.ts';
import { createRuleTable } from './rules/rule-table.ts';
import type { AccessService } from './types.ts';

const input = z.object({
  service: serviceInput,
  address: clientAddressInput,
  /** The client's name, where one would be looked up. */
  hostname: z
    .string()
    .trim()
    .toLowerCase()
    .max(255, 'A host name has at most 255 characters.')
    .transform((text) => text.replace(/\.$/, ''))
    .default(''),
  /** Rules not yet saved; left out: those that hold. */
  text: rulesTextInput.optional(),
});

export interface RuleTest {
  address: string;
  allow: boolean;
  /** A rule, an opening by POP-before-SMTP, or nothing at all, which allows. */
  decidedBy: 'rule' | 'opening' | 'nothing';
  /** The rule that hit, or would have hit without the opening. */
  rule: { line: number; text: string } | null;
  /** The accounts that opened relaying. */
  openedBy: { address: string; expiresAt: string }[];
  variables: { name: string; value: string; meaning: string }[];
}

const MAPPED = 0xffffn;

/** As the engine sees it: an IPv4-mapped address is an IPv4 one. */
function normalise(address: string): string {
  const number = ipv6Number(address);
  if (number === undefined || number >> 32n !== MAPPED) return address;
  return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.');
}

async function findOpenedBy(db: Database, service: AccessService, address: string, at: Date) {
  if (service !== 'smtp') return [];
  const found = await findValidOpenings(db, address, at);
  return found.map((opening) => ({ address: opening.account, expiresAt: opening.expiresAt.toISOString() }));
}

/** "What happens to a connection from there?", by the saved rules or a draft, and the openings there are. */
export const testRules = defineOperation({
  name: 'accessRules.test',
  allow: ['admin'],
  kind: 'read',
  input,
  run: async ({ db, now }, { service, address: given, hostname, text }): Promise<RuleTest> => {
    const address = normalise(given);
    const rules = text ?? (await readCurrentRules(db, service)).text;
    const hit = createRuleTable(compileRules(rules)).find({ address, hostname: hostname === '' ? null : hostname });
    const rule = hit ? { line: hit.rule.line, text: rules.split('\n')[hit.rule.line - 1] ?? '' } : null;
    const openedBy = hit && mayRelayByRule(hit.decision) ? [] : await findOpenedBy(db, service, address, now());
    const explain = (name: string, value: string) => {
      const meaning = describeVariable(service, name, value) ?? 'Does nothing: this is no number.';
      return { name, value, meaning };
    };
    if (openedBy.length > 0) {
      const variables = [explain('RELAYCLIENT', ''), explain('RBLSMTPD', '')];
      return { address, allow: true, decidedBy: 'opening', rule, openedBy, variables };
    }
    const { allow = true, variables = new Map<string, string>() } = hit?.decision ?? {};
    return {
      address,
      allow,
      decidedBy: hit ? 'rule' : 'nothing',
      rule,
      openedBy,
      variables: allow ? [...variables].map(([name, value]) => explain(name, value)) : [],
    };
  },
});
