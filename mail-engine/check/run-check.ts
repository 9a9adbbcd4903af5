/**
 * Verifies every invariant of the store (`mailstead check`), repairs what can be derived and reports the rest. It may run beside a
 * working engine: every rule is one statement and so looks at one moment.
 */
import type { Pool } from 'pg';
import { inTransaction } from '#server/database/pool-transaction.ts';
import { DEEP_RULES, RULES, type Rule } from './rules.ts';

/** Subjects named per rule; the count is of all. */
const NAMED = 20;

export interface Finding {
  rule: string;
  count: number;
  subjects: readonly string[];
  repaired: boolean;
}

export interface CheckOptions {
  repair: boolean;
  /** Also reads all bytes and compares their hashes. */
  deep?: boolean;
}

/** Every change of mail takes a row of `account_usage` first: with the table held, the truth stands still while it is derived. */
async function repairRule(pool: Pool, statement: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('LOCK TABLE account_usage IN EXCLUSIVE MODE');
    await client.query(statement);
  });
}

async function checkRule(pool: Pool, rule: Rule, repair: boolean): Promise<Finding | undefined> {
  const { rows } = await pool.query<{ subject: string }>(rule.find);
  if (rows.length === 0) return undefined;
  const repaired = repair && rule.repair !== undefined;
  if (repaired && rule.repair) await repairRule(pool, rule.repair);
  return {
    rule: rule.name,
    count: rows.length,
    subjects: rows.slice(0, NAMED).map(({ subject }) => subject),
    repaired,
  };
}

/** Nothing found: an empty array. */
export async function runCheck(pool: Pool, options: CheckOptions): Promise<Finding[]> {
  const rules = options.deep ? [...RULES, ...DEEP_RULES] : RULES;
  const findings: Finding[] = [];
  for (const rule of rules) {
    const finding = await checkRule(pool, rule, options.repair);
    if (finding) findings.push(finding);
  }
  return findings;
}

/** For tests: throws with what is wrong. */
export async function expectClean(pool: Pool): Promise<void> {
  const findings = await runCheck(pool, { repair: false, deep: true });
  if (findings.length === 0) return;
  throw new Error(findings.map(({ rule, subjects }) => `not so: ${rule} (${subjects.join(', ')})`).join('\n'));
}
