'use server';

import { createOperator } from '#server/operators/create-operator.ts';
import { createPasswordLink } from '#server/operators/create-password-link.ts';
import { deleteOperators } from '#server/operators/delete-operators.ts';
import { restoreOperators } from '#server/operators/restore-operators.ts';
import { resumeOperators } from '#server/operators/resume-operators.ts';
import { suspendOperators } from '#server/operators/suspend-operators.ts';
import { updateOperator } from '#server/operators/update-operator.ts';
import { container } from '@/container.ts';
import { act, actAs } from './act.ts';
import type { ActionResult } from './result.ts';

/** A password link as it is handed over; shown once. */
export interface LinkResult {
  email: string;
  url: string;
  /** ISO 8601. */
  expiresAt: string;
}

async function makeLink(id: string): Promise<ActionResult<LinkResult>> {
  return actAs('operators.createPasswordLink', async (context) => {
    const { token, ...link } = await createPasswordLink(context, { id });
    return { ...link, url: `${container().config.http.publicUrl}/welcome?token=${token}` };
  });
}

/** Adds a person and makes the link with which they choose a password. */
export async function createOperatorAction(
  input: Parameters<typeof createOperator>[1],
): Promise<ActionResult<LinkResult>> {
  const created = await act(createOperator, input);
  return created.ok ? makeLink(created.data.id) : created;
}

export async function createPasswordLinkAction(id: string): Promise<ActionResult<LinkResult>> {
  return makeLink(id);
}

export async function updateOperatorAction(
  input: Parameters<typeof updateOperator>[1],
): Promise<ActionResult<unknown>> {
  return act(updateOperator, input);
}

export async function suspendOperatorsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(suspendOperators, { ids });
}

export async function resumeOperatorsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(resumeOperators, { ids });
}

export async function deleteOperatorsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(deleteOperators, { ids });
}

export async function restoreOperatorsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(restoreOperators, { ids });
}
