import { z } from 'zod';
import { notFound } from '../actor/errors.ts';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { CurrentRules } from './current-rules.ts';
import { defaultRules } from './default-rules.ts';
import { serviceInput } from './inputs.ts';
import { storeRules } from './save-rules.ts';

const input = z.object({
  service: serviceInput,
  /** Null: the rules that ship. */
  version: idInput.nullable(),
  force: z.boolean().default(false),
});

/** Saves what an earlier version said, as a new one. */
export const restoreVersion = defineOperation({
  name: 'accessRules.restore',
  allow: ['admin'],
  kind: 'write',
  input,
  run: async (context, { service, version, force }): Promise<CurrentRules> => {
    if (version === null) return storeRules(context, { service, text: defaultRules(service), force });
    const row = await context.db.accessRules.findFirst({ where: { id: version, service } });
    if (!row) throw notFound('version of these rules');
    return storeRules(context, { service, text: row.text, force });
  },
  target: ({ service }) => service,
});
