import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { AddressView } from './address-view.ts';
import { destinationsInput } from './destinations-input.ts';
import { requireOthers } from './forward-destinations.ts';
import { replaceTargets } from './make-address.ts';
import { lockAddresses, readAddressView } from './require-address.ts';
import { copyIdsInput } from './target-ids-input.ts';

/** Replaces where a forward leads and who keeps a copy. */
export const updateForward = defineOperation({
  name: 'addresses.updateForward',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ id: idInput, destinations: destinationsInput, targetIds: copyIdsInput }),
  run: async (context, { id, destinations, targetIds }): Promise<AddressView> => {
    const { db } = context;
    const [forward] = await lockAddresses(context, [id], ['forward']);
    requireOthers(forward?.address ?? '', destinations);
    await replaceTargets(context, id, targetIds);
    await db.forwardDestination.deleteMany({ where: { addressId: id } });
    await db.forwardDestination.createMany({
      data: destinations.map((destination) => ({ addressId: id, destination })),
    });
    return readAddressView(context, id);
  },
  target: (_, { address }) => address,
});
