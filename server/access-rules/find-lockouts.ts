/** Rules that would shut out who must get in: webmail on this machine, and the admin who saves them. */
import type { CompiledRules } from './rules/compile-rules.ts';
import type { RuleRemark } from './rules/parse-rules.ts';
import { createRuleTable } from './rules/rule-table.ts';
import type { AccessService } from './types.ts';

/** Webmail reads by IMAP and sends by submission. */
const WEBMAIL_SERVICES: readonly AccessService[] = ['imap', 'submission'];
const WEBMAIL_ADDRESSES = ['127.0.0.1', '::1'];

interface Important {
  address: string;
  who: string;
}

export function findLockouts(compiled: CompiledRules, service: AccessService, ownAddress?: string): RuleRemark[] {
  const table = createRuleTable(compiled);
  const webmail = WEBMAIL_ADDRESSES.map((address): Important => ({ address, who: 'Webmail connects from' }));
  const important: Important[] = WEBMAIL_SERVICES.includes(service) ? webmail : [];
  if (ownAddress !== undefined) important.push({ address: ownAddress, who: 'You are at' });
  return important.flatMap(({ address, who }) => {
    const hit = table.find({ address, hostname: null });
    if (!hit || hit.decision.allow) return [];
    return [{ line: hit.rule.line, column: 1, message: `${who} ${address}, which this line denies.` }];
  });
}
