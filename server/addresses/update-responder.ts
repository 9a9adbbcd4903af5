import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import type { AddressView } from './address-view.ts';
import { replaceTargets } from './make-address.ts';
import { lockAddresses, readAddressView } from './require-address.ts';
import { answerInput } from './responder-input.ts';
import { copyIdsInput } from './target-ids-input.ts';

/** Replaces what a responder says and who keeps a copy. Whom it has answered it still knows. */
export const updateResponder = defineOperation({
  name: 'addresses.updateResponder',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ id: idInput, ...answerInput, targetIds: copyIdsInput }),
  run: async (context, { id, targetIds, ...answer }): Promise<AddressView> => {
    await lockAddresses(context, [id], ['responder']);
    await replaceTargets(context, id, targetIds);
    await context.db.responder.update({ where: { addressId: id }, data: answer });
    return readAddressView(context, id);
  },
  target: (_, { address }) => address,
});
