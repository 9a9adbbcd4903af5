import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { readCurrentRules } from './current-rules.ts';
import { serviceInput } from './inputs.ts';
import { compileRules } from './rules/compile-rules.ts';
import { rulesToCdb } from './rules/rules-to-cdb.ts';

export interface ExportedRules {
  /** As tcpserver -x reads it, in base64. */
  cdb: string;
  /** Lines of IPv6 rules, which have no place in it. */
  leftOut: number[];
}

/** A service's rules compiled as tcprules would. */
export const exportRules = defineOperation({
  name: 'accessRules.export',
  allow: ['admin'],
  kind: 'read',
  input: z.object({ service: serviceInput }),
  run: async ({ db }, { service }): Promise<ExportedRules> => {
    const compiled = compileRules((await readCurrentRules(db, service)).text);
    const lines = new Set(compiled.networks.map(({ rule }) => rule.line));
    return { cdb: rulesToCdb(compiled).toString('base64'), leftOut: [...lines] };
  },
});
