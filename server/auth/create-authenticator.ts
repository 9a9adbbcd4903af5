/**
 * Signs mailbox owners in to the mail protocols. Refuses suspended and deleted accounts and domains; counts failures (see
 * `sign-in-gate.ts`) and refuses blocked ones before looking at the password. An unknown address costs the same time as a wrong
 * password, and suspension shows only to who knows the password. A right password of old cost is hashed anew.
 */
import { randomBytes } from 'node:crypto';
import { normaliseAddress } from '../addresses/normalise-address.ts';
import type { Database } from '../database/prisma.ts';
import type { AuthenticationResult, Authenticator, PasswordAttempt, SignInProof } from '../directory/types.ts';
import { createAccessTokens, type TokenGrant } from './access-token.ts';
import { createAccountCredentials, hashPassword, verifyPassword } from './password.ts';
import { createSignInGate, type Judgement } from './sign-in-gate.ts';

const LOGIN_NOTED_EVERY_MS = 60_000;

const SIGN_IN_FIELDS = {
  id: true,
  domainId: true,
  address: true,
  passwordHash: true,
  credentialsVersion: true,
  suspendedAt: true,
  lastLoginAt: true,
  domain: { select: { suspendedAt: true } },
} as const;

/** The account that could sign in with `login`, suspended or not; null where there is none or its domain is deleted. */
export function findSignInAccount(db: Database, login: string) {
  const normalised = normaliseAddress(login);
  if (!normalised) return Promise.resolve(null);
  return db.account.findFirst({
    where: { address: normalised.address, deletedAt: null, domain: { deletedAt: null } },
    select: SIGN_IN_FIELDS,
  });
}

export type SignInAccount = NonNullable<Awaited<ReturnType<typeof findSignInAccount>>>;

export function isAccountSuspended(account: SignInAccount): boolean {
  return account.suspendedAt !== null || account.domain.suspendedAt !== null;
}

/** After a right password: notes the time, at most once a minute, and renews a hash of another cost. */
export async function noteAccountSignIn(
  db: Database,
  account: SignInAccount,
  now: Date,
  passwordToRehash?: string,
): Promise<void> {
  const noted = account.lastLoginAt?.getTime() ?? 0;
  const isDue = now.getTime() - noted >= LOGIN_NOTED_EVERY_MS;
  const credentials = passwordToRehash === undefined ? {} : await createAccountCredentials(passwordToRehash);
  if (!isDue && passwordToRehash === undefined) return;
  await db.account.updateMany({
    where: { id: account.id, passwordHash: account.passwordHash }, // a password changed meanwhile stays changed
    data: { lastLoginAt: now, ...credentials },
  });
}

async function findGrantedAccount(db: Database, grant: TokenGrant, now: Date): Promise<AuthenticationResult> {
  const session = await db.webSession.findUnique({
    where: { id: grant.sessionId },
    select: { accountId: true, expiresAt: true, revokedAt: true, account: { select: ACTIVE_FIELDS } },
  });
  if (session?.accountId !== BigInt(grant.accountId) || !session.account) return { ok: false, reason: 'wrong' };
  const { account } = session;
  if (session.revokedAt !== null || session.expiresAt <= now) return { ok: false, reason: 'expired' };
  if (account.deletedAt !== null || account.domain.deletedAt !== null) return { ok: false, reason: 'wrong' };
  if (account.suspendedAt !== null || account.domain.suspendedAt !== null) return { ok: false, reason: 'suspended' };
  return toResult(account, { kind: 'token', sessionId: grant.sessionId });
}

const ACTIVE_FIELDS = {
  id: true,
  domainId: true,
  address: true,
  suspendedAt: true,
  deletedAt: true,
  domain: { select: { suspendedAt: true, deletedAt: true } },
} as const;

function toResult(
  { id, domainId, address }: { id: bigint; domainId: bigint; address: string },
  proof: SignInProof,
): AuthenticationResult {
  return { ok: true, account: { accountId: Number(id), domainId: Number(domainId), address, proof } };
}

/** `db` is a client with connections of its own; `secret` the installation's. */
export function createAuthenticator(options: { db: Database; secret: string; now: () => Date }): Authenticator {
  const { db, now } = options;
  const tokens = createAccessTokens(options);
  const gate = createSignInGate(options);
  const nobodysHash = hashPassword(randomBytes(16).toString('hex'));

  const judgePassword = async ({ login, password }: PasswordAttempt): Promise<Judgement> => {
    const account = await findSignInAccount(db, login);
    const verdict = await verifyPassword(account?.passwordHash ?? (await nobodysHash), password);
    if (!account || !verdict.ok) return { credentials: 'wrong', result: { ok: false, reason: 'wrong' } };
    if (isAccountSuspended(account)) return { credentials: 'right', result: { ok: false, reason: 'suspended' } };
    await noteAccountSignIn(db, account, now(), verdict.needsRehash ? password : undefined);
    const proof: SignInProof = { kind: 'password', credentialsVersion: account.credentialsVersion };
    return { credentials: 'right', result: toResult(account, proof) };
  };

  return {
    checkPassword: (attempt) => gate.judge(attempt, () => judgePassword(attempt)),
    // Not throttled: a token cannot be guessed, and webmail's all come from one address.
    checkToken: async ({ token }) => {
      const verdict = await tokens.verifyAccessToken(token);
      return verdict.ok ? findGrantedAccount(db, verdict.grant, now()) : verdict;
    },
  };
}
