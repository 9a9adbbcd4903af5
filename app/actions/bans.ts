'use server';

import { allowNetwork } from '#server/bans/allow-network.ts';
import { createBan } from '#server/bans/create-ban.ts';
import { disallowNetworks } from '#server/bans/disallow-networks.ts';
import { liftBans } from '#server/bans/lift-bans.ts';
import { restoreBans } from '#server/bans/restore-bans.ts';
import { act } from './act.ts';
import type { ActionResult } from './result.ts';

export async function createBanAction(input: Parameters<typeof createBan>[1]): Promise<ActionResult<unknown>> {
  return act(createBan, input);
}

export async function liftBansAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(liftBans, { ids });
}

export async function restoreBansAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(restoreBans, { ids });
}

export async function allowNetworkAction(input: Parameters<typeof allowNetwork>[1]): Promise<ActionResult<unknown>> {
  return act(allowNetwork, input);
}

export async function disallowNetworksAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(disallowNetworks, { ids });
}
