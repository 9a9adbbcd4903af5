'use server';

import { z } from 'zod';
import { ADDRESS_KINDS } from '#server/addresses/address-view.ts';
import { createAlias } from '#server/addresses/create-alias.ts';
import { createForward } from '#server/addresses/create-forward.ts';
import { createResponder } from '#server/addresses/create-responder.ts';
import { deleteAddresses } from '#server/addresses/delete-addresses.ts';
import { updateAlias } from '#server/addresses/update-alias.ts';
import { updateForward } from '#server/addresses/update-forward.ts';
import { updateResponder } from '#server/addresses/update-responder.ts';
import type { Context } from '#server/operation.ts';
import { act, actAs } from './act.ts';
import type { ActionResult } from './result.ts';

type Input<Operation extends (...parameters: never[]) => unknown> = Parameters<Operation>[1];

export async function createAliasAction(input: Input<typeof createAlias>): Promise<ActionResult<unknown>> {
  return act(createAlias, input);
}

export async function updateAliasAction(input: Input<typeof updateAlias>): Promise<ActionResult<unknown>> {
  return act(updateAlias, input);
}

export async function createForwardAction(input: Input<typeof createForward>): Promise<ActionResult<unknown>> {
  return act(createForward, input);
}

export async function updateForwardAction(input: Input<typeof updateForward>): Promise<ActionResult<unknown>> {
  return act(updateForward, input);
}

export async function createResponderAction(input: Input<typeof createResponder>): Promise<ActionResult<unknown>> {
  return act(createResponder, input);
}

export async function updateResponderAction(input: Input<typeof updateResponder>): Promise<ActionResult<unknown>> {
  return act(updateResponder, input);
}

export async function deleteAddressesAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(deleteAddresses, { ids });
}

const id = z.object({ id: z.string() });
const deletedAddress = z.object({
  kind: z.enum(ADDRESS_KINDS),
  domain: id,
  localPart: z.string(),
  targets: z.array(id),
  destinations: z.array(z.string()),
  answer: z.object({ subject: z.string(), body: z.string(), intervalDays: z.number() }).nullable(),
});
const deleted = z.object({ addresses: z.array(deletedAddress).max(500) });

async function recreate(context: Context, address: z.output<typeof deletedAddress>): Promise<void> {
  const { kind, domain, localPart, destinations, answer } = address;
  const common = { domainId: domain.id, localPart, targetIds: address.targets.map((target) => target.id) };
  if (kind === 'forward') await createForward(context, { ...common, destinations });
  else if (kind === 'responder') await createResponder(context, { ...common, body: '', ...answer });
  else await createAlias(context, common);
}

/** Undoes `deleteAddressesAction` with what that answered. */
export async function recreateAddressesAction(_ids: string[], data: unknown): Promise<ActionResult<unknown>> {
  return actAs('addresses.create', async (context) => {
    for (const address of deleted.parse(data).addresses) await recreate(context, address);
  });
}
