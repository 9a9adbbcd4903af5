/** The account behind a login, with what is needed to check any proof of it. */
import { normaliseAddress } from '../addresses/normalise-address.ts';
import type { Database, Prisma } from '../database/prisma.ts';
import type { AuthenticationResult, SignInProof } from '../directory/types.ts';
import { createAccountCredentials } from './password.ts';

const LOGIN_NOTED_EVERY_MS = 60_000;

export const SIGN_IN_FIELDS = {
  id: true,
  domainId: true,
  address: true,
  passwordHash: true,
  scramSha256: true,
  cramMd5: true,
  appPasswordsOnly: true,
  credentialsVersion: true,
  suspendedAt: true,
  lastLoginAt: true,
  domain: { select: { suspendedAt: true } },
} as const satisfies Prisma.AccountSelect;

export type SignInAccount = Prisma.AccountGetPayload<{ select: typeof SIGN_IN_FIELDS }>;

/** The account that could sign in with `login`, suspended or not; null where there is none or its domain is deleted. */
export function findSignInAccount(db: Database, login: string): Promise<SignInAccount | null> {
  const normalised = normaliseAddress(login);
  if (!normalised) return Promise.resolve(null);
  return db.account.findFirst({
    where: { address: normalised.address, deletedAt: null, domain: { deletedAt: null } },
    select: SIGN_IN_FIELDS,
  });
}

export function isAccountSuspended(account: SignInAccount): boolean {
  return account.suspendedAt !== null || account.domain.suspendedAt !== null;
}

/** After a right password: notes the time, at most once a minute, and renews a hash of another cost or one without SCRAM keys beside it. */
export async function noteAccountSignIn(
  db: Database,
  account: SignInAccount,
  now: Date,
  passwordToRehash?: string,
): Promise<void> {
  const noted = account.lastLoginAt?.getTime() ?? 0;
  const isDue = now.getTime() - noted >= LOGIN_NOTED_EVERY_MS;
  if (!isDue && passwordToRehash === undefined) return;
  const renewed = passwordToRehash === undefined ? {} : await createAccountCredentials(passwordToRehash, account);
  await db.account.updateMany({
    where: { id: account.id, passwordHash: account.passwordHash }, // a password changed meanwhile stays changed
    data: { lastLoginAt: now, ...renewed },
  });
}

/** Inside a transaction: whether the account's password is still the one that was verified, and stays so until the transaction ends. */
export async function lockCredentials(db: Database, { id, credentialsVersion }: SignInAccount): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT FROM account WHERE id = ${id} AND credentials_version = ${credentialsVersion} FOR SHARE`;
  return rows.length > 0;
}

export function toResult(
  { id, domainId, address }: { id: bigint; domainId: bigint; address: string },
  proof: SignInProof,
): AuthenticationResult {
  return { ok: true, account: { accountId: Number(id), domainId: Number(domainId), address, proof } };
}
