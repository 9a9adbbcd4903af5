'use server';

import { OperationError } from '#server/actor/errors.ts';
import { revokeOtherSessions } from '#server/auth/revoke-other-sessions.ts';
import { revokeSession } from '#server/auth/revoke-session.ts';
import { changePassword } from '#server/profile/change-password.ts';
import { updateProfile } from '#server/profile/update-profile.ts';
import { findSessionId } from '@/session.ts';
import { act, actAs } from './act.ts';
import type { ActionResult } from './result.ts';

async function requireSessionId(): Promise<string> {
  const id = await findSessionId();
  if (id === undefined) throw new OperationError('unauthenticated', 'You are signed out: sign in again.');
  return id;
}

export async function updateProfileAction(name: string): Promise<ActionResult<unknown>> {
  return act(updateProfile, { name });
}

export async function changePasswordAction(input: {
  currentPassword: string;
  newPassword: string;
  revokeAppPasswords: boolean;
}): Promise<ActionResult<{ revokedSessions: number }>> {
  return actAs('profile.changePassword', async (context) =>
    changePassword(context, { ...input, keepSessionId: await requireSessionId() }),
  );
}

/** Takes the one id of a row, as every row's action does. */
export async function revokeSessionAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(revokeSession, { id: ids[0] ?? '' });
}

export async function revokeOtherSessionsAction(_ids: string[]): Promise<ActionResult<unknown>> {
  return actAs('sessions.revokeOthers', async (context) =>
    revokeOtherSessions(context, { keepSessionId: await requireSessionId() }),
  );
}
