import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { localPartInput } from './local-part-input.ts';
import { makeAddress } from './make-address.ts';
import { targetIdsInput } from './target-ids-input.ts';

/** An address that delivers to one or more mailboxes. `conflict` on `localPart` when it is taken. */
export const createAlias = defineOperation({
  name: 'addresses.create',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ domainId: idInput, localPart: localPartInput, targetIds: targetIdsInput }),
  run: (context, given) => makeAddress(context, { ...given, kind: 'alias' }),
  target: (_, { address }) => address,
});
