import type { Context } from '../operation.ts';

/** With the mailbox's own password, where that was asked for. Whether the asker may is for the caller to have checked. */
export async function revokeAllAppPasswords({ db, actor, now }: Context, accountId: bigint): Promise<number> {
  const { count } = await db.appPassword.updateMany({
    where: { accountId, revokedAt: null },
    data: { revokedAt: now(), revokedBy: actor.label },
  });
  return count;
}
