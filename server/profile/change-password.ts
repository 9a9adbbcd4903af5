import { z } from 'zod';
import type { Actor } from '../actor/actor.ts';
import { OperationError } from '../actor/errors.ts';
import { revokeAllAppPasswords } from '../app-passwords/revoke-all-app-passwords.ts';
import { hashPassword, verifyPassword } from '../auth/password.ts';
import { requireGoodPassword } from '../auth/password-rules.ts';
import { setAccountPassword } from '../auth/set-account-password.ts';
import { createSignInTurns } from '../auth/sign-in-turns.ts';
import { type Buckets, bucketsOf, isBlocked, recordFailure, recordSuccess } from '../auth/throttle.ts';
import { revokeSessions, type SessionOwner } from '../auth/web-session.ts';
import type { Database } from '../database/prisma.ts';
import { type Context, defineOperation } from '../operation.ts';

const input = z.object({
  currentPassword: z.string().min(1, 'Enter the password you have now.').max(1_024, 'This is not your password.'),
  newPassword: z.string(),
  /** The session that asks: it alone stays signed in. */
  keepSessionId: z.uuid('This is not a session.'),
  /** A mailbox owner's own; they go on working otherwise. */
  revokeAppPasswords: z.boolean().default(false),
});

type Input = z.output<typeof input>;

function ownerOf(actor: Actor): SessionOwner {
  if (actor.kind === 'system') throw new OperationError('forbidden', 'The system has no password.');
  return actor.kind === 'mailbox-owner' ? { accountId: actor.accountId } : { operatorId: actor.operatorId };
}

async function findHash(db: Database, owner: SessionOwner): Promise<string | null> {
  const select = { passwordHash: true } as const;
  const row =
    'accountId' in owner
      ? await db.account.findUnique({ where: { id: owner.accountId }, select })
      : await db.operator.findUnique({ where: { id: owner.operatorId }, select });
  return row?.passwordHash ?? null;
}

const MAX_WAITING = 8;
const turns = createSignInTurns(MAX_WAITING);

function tooMany(): OperationError {
  return new OperationError('too-many-attempts', 'Too many wrong passwords: wait some minutes and try again.');
}

async function judgeCurrentPassword({ db, actor, now }: Context, given: Input, buckets: Buckets): Promise<void> {
  const owner = ownerOf(actor);
  if (await isBlocked(db, buckets, now())) throw tooMany();
  const hash = await findHash(db, owner);
  if (hash !== null && (await verifyPassword(hash, given.currentPassword)).ok) {
    return recordSuccess(db, buckets, now());
  }
  await recordFailure(db, buckets, now());
  const message = 'This is not the password you have now.';
  throw new OperationError('invalid', message, { currentPassword: message });
}

/** Who found an open browser must not guess the password here at leisure: it counts as signing in does, one guess after the other. */
async function requireCurrentPassword(context: Context, given: Input): Promise<void> {
  const { actor, ip = '' } = context;
  requireGoodPassword(given.newPassword, actor.label, 'newPassword');
  const kind = actor.kind === 'mailbox-owner' ? 'mailbox' : 'operator';
  const buckets = bucketsOf(actor.label, ip, 'web', kind);
  const judged = await turns.run(buckets, async () => {
    await judgeCurrentPassword(context, given, buckets);
    return true;
  });
  if (!judged) throw tooMany();
}

/** Changes the signed-in person's own password and signs their other browsers and mail programs out. */
export const changePassword = defineOperation({
  name: 'profile.changePassword',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'write',
  input,
  check: requireCurrentPassword,
  run: async (context, { newPassword, keepSessionId, revokeAppPasswords }): Promise<{ revokedSessions: number }> => {
    const owner = ownerOf(context.actor);
    if ('accountId' in owner) {
      await setAccountPassword(context, owner.accountId, newPassword);
      if (revokeAppPasswords) await revokeAllAppPasswords(context, owner.accountId);
    } else {
      const passwordHash = await hashPassword(newPassword);
      await context.db.operator.update({ where: { id: owner.operatorId }, data: { passwordHash } });
    }
    return { revokedSessions: await revokeSessions(context, owner, keepSessionId) };
  },
});
