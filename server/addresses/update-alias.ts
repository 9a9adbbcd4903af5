import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { AddressView } from './address-view.ts';
import { replaceTargets } from './make-address.ts';
import { lockAddresses, readAddressView } from './require-address.ts';
import { targetIdsInput } from './target-ids-input.ts';

/** Replaces the mailboxes an alias delivers to. Its address is what it is: make another alias for another address. */
export const updateAlias = defineOperation({
  name: 'addresses.update',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ id: idInput, targetIds: targetIdsInput }),
  run: async (context, { id, targetIds }): Promise<AddressView> => {
    await lockAddresses(context, [id], ['alias']);
    await replaceTargets(context, id, targetIds);
    return readAddressView(context, id);
  },
  target: (_, { address }) => address,
});
