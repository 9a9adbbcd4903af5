import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { type Examination, examineRules } from './examine-rules.ts';
import { rulesTextInput, serviceInput } from './inputs.ts';

/** What saving this text would say; changes nothing. */
export const checkRules = defineOperation({
  name: 'accessRules.check',
  allow: ['admin'],
  kind: 'read',
  input: z.object({ service: serviceInput, text: rulesTextInput }),
  run: async ({ db, ip }, { service, text }): Promise<Examination> => {
    const { compiled: _, ...remarks } = await examineRules(db, service, text, ip);
    return remarks;
  },
});
