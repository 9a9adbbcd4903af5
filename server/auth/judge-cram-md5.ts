/** CRAM-MD5: right only where a key for it is kept; names without one cost the same. */
import type { Database } from '../database/prisma.ts';
import type { CramMd5Attempt } from '../directory/types.ts';
import { deriveCramMd5Key, sealCramMd5, verifyCramMd5 } from './cram-md5.ts';
import { APP_PASSWORD_NEEDED } from './judge-password.ts';
import { findSignInAccount, isAccountSuspended, noteAccountSignIn, toResult } from './sign-in-account.ts';
import { type Judgement, WRONG } from './sign-in-gate.ts';

export function createCramMd5Judge({ db, secret, now }: { db: Database; secret: string; now: () => Date }) {
  const key = deriveCramMd5Key(secret);
  const nobodysKey = sealCramMd5(key, '');

  return async ({ login, challenge, digest }: CramMd5Attempt): Promise<Judgement> => {
    const account = await findSignInAccount(db, login);
    const isRight = verifyCramMd5(key, account?.cramMd5 ?? nobodysKey, challenge, digest);
    if (!account?.cramMd5 || !isRight) return WRONG;
    if (account.appPasswordsOnly) return APP_PASSWORD_NEEDED;
    if (isAccountSuspended(account)) return { credentials: 'right', result: { ok: false, reason: 'suspended' } };
    await noteAccountSignIn(db, account, now());
    const proof = { kind: 'password', credentialsVersion: account.credentialsVersion } as const;
    return { credentials: 'right', result: toResult(account, proof) };
  };
}
