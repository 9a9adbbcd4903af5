import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { refuseDuplicates } from '../database/unique-violation.ts';
import { idInput } from '../input/id.ts';
import { emailInput, limitInput, personNameInput } from '../input/text.ts';
import { defineOperation } from '../operation.ts';
import { EMAIL_TAKEN } from './create-operator.ts';
import { OPERATOR_INCLUDE, type OperatorView, toOperatorView } from './operator-view.ts';
import { requireOperator } from './require-operator.ts';

const input = z.object({
  id: idInput,
  email: emailInput.optional(),
  name: personNameInput.optional(),
  /** Resellers only. A limit below what is in use stops growth and takes nothing away. */
  maxDomains: limitInput.optional(),
  maxAccounts: limitInput.optional(),
});

/** Changes what is given and leaves the rest. A role is for life: it decides what a person's objects are. */
export const updateOperator = defineOperation({
  name: 'operators.update',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input,
  run: async (context, { id, email, name, maxDomains, maxAccounts }): Promise<OperatorView> => {
    const { role } = await requireOperator(context, id);
    if (role !== 'reseller' && (maxDomains ?? maxAccounts ?? null) !== null) {
      throw new OperationError('invalid', 'Only resellers have limits.', { maxDomains: 'Only resellers have limits.' });
    }
    const data = {
      ...(email !== undefined && { email }),
      ...(name !== undefined && { name }),
      ...(maxDomains !== undefined && { maxDomains }),
      ...(maxAccounts !== undefined && { maxAccounts }),
    };
    const updated = context.db.operator.update({ where: { id }, data, include: OPERATOR_INCLUDE });
    return toOperatorView(await refuseDuplicates(updated, 'email', EMAIL_TAKEN));
  },
  target: (_, { email }) => email,
});
