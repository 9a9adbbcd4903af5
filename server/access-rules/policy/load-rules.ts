import type { Pool } from 'pg';
import { logger } from '../../logger.ts';
import { ACCESS_SERVICES, defaultRules } from '../default-rules.ts';
import { compileRules } from '../rules/compile-rules.ts';
import { createRuleTable, type RuleTable } from '../rules/rule-table.ts';
import type { AccessService } from '../types.ts';

const log = logger('access');

export type RuleTables = ReadonlyMap<AccessService, RuleTable>;

const LATEST = 'SELECT DISTINCT ON (service) service, text FROM access_rules ORDER BY service, id DESC';

function compileTable(service: AccessService, text: string, before: RuleTable | undefined): RuleTable {
  const compiled = compileRules(text);
  if (compiled.errors.length === 0) return createRuleTable(compiled);
  // Saving refuses such rules, so somebody wrote to the database.
  log.error({ service, error: compiled.errors[0] }, 'stored access rules do not parse, those before them stay');
  return before ?? createRuleTable(compileRules(defaultRules(service)));
}

/** The rules of every service as they are now. */
export async function loadRules(pool: Pool, before: RuleTables | undefined): Promise<RuleTables> {
  const { rows } = await pool.query<{ service: AccessService; text: string }>(LATEST);
  const texts = new Map(rows.map(({ service, text }) => [service, text]));
  return new Map(
    ACCESS_SERVICES.map((service) => {
      const text = texts.get(service) ?? defaultRules(service);
      return [service, compileTable(service, text, before?.get(service))];
    }),
  );
}
