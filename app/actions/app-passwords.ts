'use server';

import { type CreatedAppPassword, createAppPassword } from '#server/app-passwords/create-app-password.ts';
import { requireAppPasswords } from '#server/app-passwords/require-app-passwords.ts';
import { revokeAppPasswords } from '#server/app-passwords/revoke-app-passwords.ts';
import { act } from './act.ts';
import type { ActionResult } from './result.ts';

export async function createAppPasswordAction(
  input: Parameters<typeof createAppPassword>[1],
): Promise<ActionResult<CreatedAppPassword>> {
  return act(createAppPassword, input);
}

export async function revokeAppPasswordsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(revokeAppPasswords, { ids });
}

/** Takes the mailbox's id, as every button's action does. */
export async function demandAppPasswordsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(requireAppPasswords, { accountId: ids[0] ?? '', areRequired: true });
}

export async function waiveAppPasswordsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(requireAppPasswords, { accountId: ids[0] ?? '', areRequired: false });
}
