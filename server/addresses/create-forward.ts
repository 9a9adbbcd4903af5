import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { AddressView } from './address-view.ts';
import { destinationsInput } from './destinations-input.ts';
import { requireOthers } from './forward-destinations.ts';
import { localPartInput } from './local-part-input.ts';
import { makeAddress } from './make-address.ts';
import { copyIdsInput } from './target-ids-input.ts';

const input = z.object({
  domainId: idInput,
  localPart: localPartInput,
  destinations: destinationsInput,
  /** Mailboxes that keep a copy. */
  targetIds: copyIdsInput,
});

/** An address whose mail is sent on to others, here or anywhere. `conflict` on `localPart` when it is taken. */
export const createForward = defineOperation({
  name: 'addresses.createForward',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input,
  run: async (context, { destinations, ...given }): Promise<AddressView> => {
    const more = { destinations: { create: destinations.map((destination) => ({ destination })) } };
    const view = await makeAddress(context, { ...given, kind: 'forward', more });
    requireOthers(view.address, destinations);
    return view;
  },
  target: (_, { address }) => address,
});
