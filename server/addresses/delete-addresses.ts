import { z } from 'zod';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { AddressView } from './address-view.ts';
import { lockAddresses } from './require-address.ts';

/** Removes aliases, forwards and responders at once; returns what they were, so that creating them again undoes it. */
export const deleteAddresses = defineOperation({
  name: 'addresses.delete',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ addresses: AddressView[] }> => {
    const addresses = await lockAddresses(context, ids);
    await context.db.address.deleteMany({ where: { id: { in: ids } } });
    return { addresses };
  },
  target: (_, { addresses }) => addresses.map(({ address }) => address).join(', '),
});
