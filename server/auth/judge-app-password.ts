/** A password in the form of an app password: looked up by its hash, no other work is done for it. */

import { normaliseAddress } from '../addresses/normalise-address.ts';
import {
  APP_PASSWORD_FIELDS,
  type CheckedAppPassword,
  findAppPasswordRefusal,
  noteAppPasswordRefusal,
  noteAppPasswordUse,
} from '../app-passwords/check-app-password.ts';
import { canonicalAppPassword, hashAppPassword } from '../app-passwords/secret.ts';
import type { Database } from '../database/prisma.ts';
import type { PasswordAttempt, SignInAttempt } from '../directory/types.ts';
import {
  isAccountSuspended,
  noteAccountSignIn,
  SIGN_IN_FIELDS,
  type SignInAccount,
  toResult,
} from './sign-in-account.ts';
import type { Judgement } from './sign-in-gate.ts';

/** Of an app password that is known to be right. */
export async function judgeRightAppPassword(
  db: Database,
  { found, account }: { found: CheckedAppPassword; account: SignInAccount },
  attempt: SignInAttempt,
  now: Date,
): Promise<Judgement> {
  const reason = findAppPasswordRefusal(found, attempt, now);
  if (reason !== undefined) {
    await noteAppPasswordRefusal(db, found, { ...attempt, reason }, now);
    return { credentials: 'unusable', result: { ok: false, reason: 'wrong' }, detail: `app password: ${reason}` };
  }
  if (isAccountSuspended(account)) return { credentials: 'unguessable', result: { ok: false, reason: 'suspended' } };
  await noteAppPasswordUse(db, found, attempt, now);
  await noteAccountSignIn(db, account, now);
  const proof = { kind: 'app-password', appPasswordId: Number(found.id), peer: attempt.peer } as const;
  return { credentials: 'unguessable', result: toResult(account, proof) };
}

/** Undefined where it is no app password of that account: it may still be the account's own password. */
export async function judgeAppPassword(
  db: Database,
  { login, password, ...attempt }: PasswordAttempt,
  now: Date,
): Promise<Judgement | undefined> {
  const canonical = canonicalAppPassword(password);
  const address = normaliseAddress(login)?.address;
  if (canonical === undefined || address === undefined) return undefined;
  const found = await db.appPassword.findFirst({
    where: {
      secretHash: hashAppPassword(canonical),
      account: { address, deletedAt: null, domain: { deletedAt: null } },
    },
    select: { ...APP_PASSWORD_FIELDS, account: { select: SIGN_IN_FIELDS } },
  });
  return found ? judgeRightAppPassword(db, { found, account: found.account }, attempt, now) : undefined;
}
