/**
 * SCRAM-SHA-256 against the account's own keys and those of its app passwords, which share the account's salt. A name without keys
 * is given keys that nothing fits, with a salt that is always the same for it, and its exchange takes the same course. The count of failures is looked at
 * before the salt is told and again, alone for the name and network, before the proof is judged; an exchange that comes to no
 * judgement is a failure too, so that salts and keys cannot be probed for nothing.
 */
import { hkdfSync } from 'node:crypto';
import { normaliseAddress } from '../addresses/normalise-address.ts';
import { APP_PASSWORD_FIELDS, type CheckedAppPassword } from '../app-passwords/check-app-password.ts';
import type { Database } from '../database/prisma.ts';
import type { AuthenticationResult, Authenticator, ScramExchange, SignInAttempt } from '../directory/types.ts';
import { judgeRightAppPassword } from './judge-app-password.ts';
import { APP_PASSWORD_NEEDED } from './judge-password.ts';
import { fakeScramKeys, requireScramKeys, type ScramKeys, signScramServer, verifyScramProof } from './scram.ts';
import {
  findSignInAccount,
  isAccountSuspended,
  noteAccountSignIn,
  type SignInAccount,
  toResult,
} from './sign-in-account.ts';
import { type Judgement, type SignInGate, WRONG } from './sign-in-gate.ts';

/** No account's id. */
const NOBODY = -1n;

interface Dependencies {
  db: Database;
  secret: string;
  now: () => Date;
  gate: SignInGate;
}

interface Candidate {
  keys: ScramKeys;
  /** Null: the account's own password. */
  found: CheckedAppPassword | null;
}

async function findCandidates(db: Database, account: SignInAccount | null, keys: ScramKeys): Promise<Candidate[]> {
  const rows = await db.appPassword.findMany({
    where: { accountId: account?.id ?? NOBODY, scramSha256: { not: null } },
    select: APP_PASSWORD_FIELDS,
  });
  const others = rows.map((found) => ({ found, keys: requireScramKeys(found.scramSha256 ?? '') }));
  const sameCost = others.filter(
    (other) => other.keys.salt.equals(keys.salt) && other.keys.iterations === keys.iterations,
  );
  return [{ keys, found: null }, ...sameCost];
}

async function judgeOwnPassword(db: Database, account: SignInAccount, now: Date): Promise<Judgement> {
  if (account.appPasswordsOnly) return APP_PASSWORD_NEEDED;
  if (isAccountSuspended(account)) return { credentials: 'right', result: { ok: false, reason: 'suspended' } };
  await noteAccountSignIn(db, account, now);
  const proof = { kind: 'password', credentialsVersion: account.credentialsVersion } as const;
  return { credentials: 'right', result: toResult(account, proof) };
}

export function createScramOpener({ db, secret, now, gate }: Dependencies): Authenticator['openScram'] {
  const fakeKey = Buffer.from(hkdfSync('sha256', secret, '', 'mailstead scram salt', 32));

  const judgeProof = async (
    { account, keys }: { account: SignInAccount | null; keys: ScramKeys },
    attempt: SignInAttempt,
    { authMessage, proof }: { authMessage: string; proof: Buffer },
  ): Promise<Judgement & { signature: Buffer | null }> => {
    const candidates = await findCandidates(db, account, keys);
    const right = candidates.filter((candidate) => verifyScramProof(candidate.keys, authMessage, proof))[0];
    if (!account || !right) return { ...WRONG, signature: null };
    const { found } = right;
    const judgement = found
      ? await judgeRightAppPassword(db, { found, account }, attempt, now())
      : await judgeOwnPassword(db, account, now());
    return { ...judgement, signature: judgement.result.ok ? signScramServer(right.keys, authMessage) : null };
  };

  return async (attempt) => {
    if (await gate.isBlocked(attempt)) return 'throttled';
    const account = await findSignInAccount(db, attempt.login);
    const name = normaliseAddress(attempt.login)?.address ?? attempt.login.toLowerCase();
    const keys = account?.scramSha256 ? requireScramKeys(account.scramSha256) : fakeScramKeys(fakeKey, name);
    const { salt, iterations } = keys;
    let isJudged = false;

    const judge: ScramExchange['judge'] = async (authMessage, proof) => {
      isJudged = true;
      let serverSignature: Buffer | null = null;
      const result: AuthenticationResult = await gate.judge(attempt, async () => {
        const { signature, ...judgement } = await judgeProof({ account, keys }, attempt, { authMessage, proof });
        serverSignature = signature;
        return judgement;
      });
      return { result, serverSignature };
    };
    const close = async () => {
      if (!isJudged) await gate.countFailure(attempt);
    };
    return { salt, iterations, judge, close };
  };
}
