import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { localPartInput } from './local-part-input.ts';
import { makeAddress } from './make-address.ts';
import { answerInput } from './responder-input.ts';
import { copyIdsInput } from './target-ids-input.ts';

const input = z.object({
  domainId: idInput,
  localPart: localPartInput,
  ...answerInput,
  /** Mailboxes that keep a copy of what comes. */
  targetIds: copyIdsInput,
});

/** An address that answers by itself (RFC 3834). `conflict` on `localPart` when it is taken. */
export const createResponder = defineOperation({
  name: 'addresses.createResponder',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input,
  run: (context, { subject, body, intervalDays, ...given }) => {
    const more = { responder: { create: { subject, body, intervalDays } } };
    return makeAddress(context, { ...given, kind: 'responder', more });
  },
  target: (_, { address }) => address,
});
