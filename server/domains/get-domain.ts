import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { readDomainView } from './require-domain.ts';

export const getDomain = defineOperation({
  name: 'domains.get',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input: z.object({ id: idInput }),
  run: (context, { id }) => readDomainView(context, id),
});
