/**
 * Signs mailbox owners in to the mail protocols. Refuses suspended and deleted accounts and domains; every mechanism goes through
 * one gate (`sign-in-gate.ts`), which counts failures and refuses blocked ones before looking at the proof. An unknown address
 * costs the same time as a wrong password, and suspension shows only to who knows the password.
 */
import type { Database } from '../database/prisma.ts';
import type { Authenticator } from '../directory/types.ts';
import { createAccessTokens } from './access-token.ts';
import { findGrantedAccount } from './find-granted-account.ts';
import { judgeAppPassword } from './judge-app-password.ts';
import { createCramMd5Judge } from './judge-cram-md5.ts';
import { createPasswordJudge } from './judge-password.ts';
import { createScramOpener } from './open-scram.ts';
import { createSignInGate } from './sign-in-gate.ts';

/** `db` is a client with connections of its own; `secret` the installation's. */
export function createAuthenticator(options: { db: Database; secret: string; now: () => Date }): Authenticator {
  const { db, now } = options;
  const tokens = createAccessTokens(options);
  const gate = createSignInGate(options);
  const judgePassword = createPasswordJudge(options);
  const judgeCramMd5 = createCramMd5Judge(options);

  return {
    checkPassword: (attempt) =>
      gate.judge(
        attempt,
        () => judgePassword(attempt),
        () => judgeAppPassword(db, attempt, now()),
      ),
    checkCramMd5: (attempt) => gate.judge(attempt, () => judgeCramMd5(attempt)),
    openScram: createScramOpener({ ...options, gate }),
    // Not throttled: a token cannot be guessed, and webmail's all come from one address.
    checkToken: async ({ token }) => {
      const verdict = await tokens.verifyAccessToken(token);
      return verdict.ok ? findGrantedAccount(db, verdict.grant, now()) : verdict;
    },
  };
}
