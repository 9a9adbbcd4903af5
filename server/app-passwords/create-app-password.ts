import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { deriveScramSha256, requireScramKeys } from '../auth/scram.ts';
import { networkInput } from '../input/network.ts';
import { line } from '../input/text.ts';
import { type Context, defineOperation } from '../operation.ts';
import { accountIdOf, lockAccount } from './account-of.ts';
import { APP_PASSWORD_SELECT, type AppPasswordView, toAppPasswordView } from './app-password-view.ts';
import { SCOPES } from './scope.ts';
import { canonicalAppPassword, generateAppPassword, hashAppPassword } from './secret.ts';

/** Active ones of one mailbox. */
const MAX_ACTIVE = 50;
const DAY_MS = 86_400_000;

const input = z.object({
  label: line(100).min(1, 'Enter a name, like “Phone”.'),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1, 'Choose at least one.')
    .transform((scopes) => [...new Set(scopes)]),
  /** Empty: from everywhere. */
  networks: z.array(networkInput).max(50, 'Name at most 50 networks.').default([]),
  /** Null: it does not expire. */
  expiresInDays: z.number().int().min(1, 'Choose at least a day.').max(3_650, 'Choose at most ten years.').nullable(),
});

export interface CreatedAppPassword {
  appPassword: AppPasswordView;
  /** Shown this once, kept nowhere. */
  secret: string;
}

async function requireRoom({ db, now }: Context, accountId: bigint): Promise<void> {
  const notExpired = { OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }] };
  const active = await db.appPassword.count({ where: { accountId, revokedAt: null, ...notExpired } });
  if (active < MAX_ACTIVE) return;
  throw new OperationError('conflict', `There are ${MAX_ACTIVE} already: revoke one that is not used any longer.`);
}

/** SCRAM tells a client one salt for a name, so all passwords of an account share it. */
async function deriveScram({ db }: Context, accountId: bigint, secret: string): Promise<string | null> {
  const { scramSha256 } = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { scramSha256: true },
  });
  return scramSha256 === null ? null : deriveScramSha256(secret, requireScramKeys(scramSha256));
}

/** Makes a password for one of the owner's own mail programs. Nobody makes one for somebody else: it would be a way in unseen. */
export const createAppPassword = defineOperation({
  name: 'appPasswords.create',
  allow: ['mailbox-owner'],
  kind: 'write',
  input,
  run: async (context, { label, scopes, networks, expiresInDays }): Promise<CreatedAppPassword> => {
    const { db, actor, now } = context;
    const { id: accountId } = await lockAccount(context, accountIdOf(actor, undefined));
    await requireRoom(context, accountId);
    const secret = generateAppPassword();
    const row = await db.appPassword.create({
      data: {
        accountId,
        label,
        scopes,
        networks,
        secretHash: hashAppPassword(canonicalAppPassword(secret) ?? ''),
        scramSha256: await deriveScram(context, accountId, secret),
        createdAt: now(),
        expiresAt: expiresInDays === null ? null : new Date(now().getTime() + expiresInDays * DAY_MS),
      },
      select: APP_PASSWORD_SELECT,
    });
    return { appPassword: toAppPasswordView(row, now()), secret };
  },
  target: ({ label }) => label,
});
