'use server';

import { type CreatedAccount, createAccount } from '#server/accounts/create-account.ts';
import { deleteAccounts } from '#server/accounts/delete-accounts.ts';
import { type ResetPassword, resetPassword } from '#server/accounts/reset-password.ts';
import { restoreAccounts } from '#server/accounts/restore-accounts.ts';
import { resumeAccounts } from '#server/accounts/resume-accounts.ts';
import { suspendAccounts } from '#server/accounts/suspend-accounts.ts';
import { updateAccount } from '#server/accounts/update-account.ts';
import { act } from './act.ts';
import type { ActionResult } from './result.ts';

export async function createAccountAction(
  input: Parameters<typeof createAccount>[1],
): Promise<ActionResult<CreatedAccount>> {
  return act(createAccount, input);
}

export async function updateAccountAction(input: Parameters<typeof updateAccount>[1]): Promise<ActionResult<unknown>> {
  return act(updateAccount, input);
}

export async function resetPasswordAction(
  input: Parameters<typeof resetPassword>[1],
): Promise<ActionResult<ResetPassword>> {
  return act(resetPassword, input);
}

export async function suspendAccountsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(suspendAccounts, { ids });
}

export async function resumeAccountsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(resumeAccounts, { ids });
}

export async function deleteAccountsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(deleteAccounts, { ids });
}

export async function restoreAccountsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(restoreAccounts, { ids });
}
