import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { readSendLimits, type SendLimitsView, scopeInput } from './get-send-limits.ts';
import { governs, readCap, requireScope, requireWithinCap } from './require-scope.ts';

const limit = z
  .number({ error: 'Enter a number, or leave it empty for the default.' })
  .int('Enter a whole number.')
  .min(0, 'A limit cannot be negative.')
  .max(10_000_000, 'This is more than can be limited: 0 is no limit.')
  .nullable()
  .optional();

const input = z.object({
  scope: scopeInput,
  id: idInput,
  /** Null takes the default, 0 is no limit; what is left out stays. */
  messagesPerHour: limit,
  messagesPerDay: limit,
  recipientsPerHour: limit,
  recipientsPerDay: limit,
  firstTimePerDay: limit,
});

/** Changes what is given; the next message is held against it. */
export const updateSendLimits = defineOperation({
  name: 'sendLimits.update',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input,
  run: async (context, { scope, id, ...given }): Promise<SendLimitsView> => {
    const chain = await requireScope(context, scope, id);
    if (!governs(context.actor, scope)) {
      throw new OperationError('forbidden', 'These limits are set by those who host you.');
    }
    const changed = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    requireWithinCap(changed, await readCap(context, chain));
    await context.db.sendLimit.upsert({
      where: { scope_scopeId: { scope, scopeId: id } },
      create: { scope, scopeId: id, ...changed },
      update: changed,
    });
    return readSendLimits(context, scope, id);
  },
  target: (_, { name }) => name,
});
