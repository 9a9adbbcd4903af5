import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { serviceInput } from './inputs.ts';

export interface RulesVersion {
  id: string;
  savedAt: string;
  savedBy: string;
  text: string;
}

/** What was saved for a service, newest first; the first one holds. */
export const listVersions = defineOperation({
  name: 'accessRules.listVersions',
  allow: ['admin'],
  kind: 'read',
  input: z.object({ service: serviceInput }),
  run: async ({ db }, { service }): Promise<RulesVersion[]> => {
    const rows = await db.accessRules.findMany({ where: { service }, orderBy: { id: 'desc' } });
    return rows.map(({ id, savedAt, savedBy, text }) => {
      return { id: String(id), savedAt: savedAt.toISOString(), savedBy, text };
    });
  },
});
