'use server';

import { z } from 'zod';
import { createAlias } from '#server/addresses/create-alias.ts';
import { deleteAliases } from '#server/addresses/delete-aliases.ts';
import { updateAlias } from '#server/addresses/update-alias.ts';
import { act, actAs } from './act.ts';
import type { ActionResult } from './result.ts';

export async function createAliasAction(input: Parameters<typeof createAlias>[1]): Promise<ActionResult<unknown>> {
  return act(createAlias, input);
}

export async function updateAliasAction(input: Parameters<typeof updateAlias>[1]): Promise<ActionResult<unknown>> {
  return act(updateAlias, input);
}

export async function deleteAliasesAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(deleteAliases, { ids });
}

const id = z.object({ id: z.string() });
const deleted = z.object({
  aliases: z.array(z.object({ domain: id, localPart: z.string(), targets: z.array(id) })).max(500),
});

/** Undoes `deleteAliasesAction` with what that answered. */
export async function recreateAliasesAction(_ids: string[], data: unknown): Promise<ActionResult<unknown>> {
  return actAs('addresses.create', async (context) => {
    for (const { domain, localPart, targets } of deleted.parse(data).aliases) {
      await createAlias(context, { domainId: domain.id, localPart, targetIds: targets.map((target) => target.id) });
    }
  });
}
