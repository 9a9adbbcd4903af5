/** PLAIN, LOGIN and their like: the account's own password. */
import { randomBytes } from 'node:crypto';
import type { Database } from '../database/prisma.ts';
import type { PasswordAttempt } from '../directory/types.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { findSignInAccount, isAccountSuspended, noteAccountSignIn, toResult } from './sign-in-account.ts';
import { type Judgement, WRONG } from './sign-in-gate.ts';

/**
 * A right password that mail programs may not use counts like a wrong one: whatever else were done would tell who guesses that
 * it is right.
 */
export const APP_PASSWORD_NEEDED: Judgement = { ...WRONG, detail: 'mail programs need an app password here' };

export function createPasswordJudge({ db, now }: { db: Database; now: () => Date }) {
  const nobodysHash = hashPassword(randomBytes(16).toString('hex'));

  return async (attempt: PasswordAttempt): Promise<Judgement> => {
    const { login, password } = attempt;
    const account = await findSignInAccount(db, login);
    const verdict = await verifyPassword(account?.passwordHash ?? (await nobodysHash), password);
    if (!account || !verdict.ok) return WRONG;
    if (account.appPasswordsOnly) return APP_PASSWORD_NEEDED;
    if (isAccountSuspended(account)) return { credentials: 'right', result: { ok: false, reason: 'suspended' } };
    const isStale = verdict.needsRehash || account.scramSha256 === null;
    await noteAccountSignIn(db, account, now(), isStale ? password : undefined);
    const proof = { kind: 'password', credentialsVersion: account.credentialsVersion } as const;
    return { credentials: 'right', result: toResult(account, proof) };
  };
}
