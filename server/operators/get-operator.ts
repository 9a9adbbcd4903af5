import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { readOperatorView } from './require-operator.ts';

export const getOperator = defineOperation({
  name: 'operators.get',
  allow: ['admin', 'reseller'],
  kind: 'read',
  input: z.object({ id: idInput }),
  run: (context, { id }) => readOperatorView(context, id),
});
