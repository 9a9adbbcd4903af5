import type { Database } from '../database/prisma.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import { findLockouts } from './find-lockouts.ts';
import { type CompiledRules, compileRules } from './rules/compile-rules.ts';
import { lintRules } from './rules/lint-rules.ts';
import type { RuleRemark } from './rules/parse-rules.ts';
import type { AccessService } from './types.ts';

export interface Examination {
  /** With any, the rules cannot be saved. */
  errors: readonly RuleRemark[];
  warnings: readonly RuleRemark[];
  /** Saved only when the admin insists. */
  lockouts: readonly RuleRemark[];
}

interface Examined extends Examination {
  compiled: CompiledRules;
}

/** `ip` is the address of who asks. */
export async function examineRules(db: Database, service: AccessService, text: string, ip?: string): Promise<Examined> {
  const compiled = compileRules(text);
  const { errors } = compiled;
  if (errors.length > 0) return { compiled, errors, warnings: compiled.warnings, lockouts: [] };
  const { 'connections.reverseLookup': names } = await readSettings(db);
  const warnings = lintRules(compiled, { service, namesAreLookedUp: names !== 'off' });
  return { compiled, errors, warnings, lockouts: findLockouts(compiled, service, ip) };
}
