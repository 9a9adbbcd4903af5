import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { type CurrentRules, readCurrentRules } from './current-rules.ts';
import { type Examination, examineRules } from './examine-rules.ts';
import { serviceInput } from './inputs.ts';

export interface RulesView extends CurrentRules {
  remarks: Examination;
}

/** A service's rules as they hold now, with what is remarkable about them. */
export const getRules = defineOperation({
  name: 'accessRules.get',
  allow: ['admin'],
  kind: 'read',
  input: z.object({ service: serviceInput }),
  run: async ({ db, ip }, { service }): Promise<RulesView> => {
    const current = await readCurrentRules(db, service);
    const { compiled: _, ...remarks } = await examineRules(db, service, current.text, ip);
    return { ...current, remarks };
  },
});
