/**
 * Signs people in to the web: operators by email, mailbox owners by address, in one form. Both may have the same login, so the
 * password is held against both; where it fits both, the operator is signed in (one password for both is the operator's own
 * choice, and webmail is open to them with the mailbox's own). Always two verifications, so that time tells nothing.
 */
import { randomBytes } from 'node:crypto';
import type { Actor } from '../actor/actor.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Database } from '../database/prisma.ts';
import { inTransaction } from '../database/transaction.ts';
import { accountActor, operatorActor } from './operator-actor.ts';
import { hashPassword, type PasswordVerdict, verifyPassword } from './password.ts';
import {
  findSignInAccount,
  isAccountSuspended,
  lockCredentials,
  noteAccountSignIn,
  type SignInAccount,
} from './sign-in-account.ts';
import { createSignInLog, type SignInLog, type SignInOutcome } from './sign-in-log.ts';
import { createSignInTurns } from './sign-in-turns.ts';
import { type Buckets, bucketsOf, isBlocked, recordFailure, recordSuccess } from './throttle.ts';
import { type AuthContext, createWebSession, type NewWebSession } from './web-session.ts';

interface SignInInput {
  login: string;
  password: string;
  /** The browser's address, for throttling; from a proxy's header only where that proxy is trusted. */
  ip: string;
  userAgent?: string | undefined;
}

type SignInResult =
  | { ok: true; actor: Actor; session: NewWebSession }
  /** `suspended` is said only to who knows the password; `throttled` comes before the password is looked at. */
  | { ok: false; reason: 'wrong' | 'throttled' | 'suspended' };

export type SignIn = (input: SignInInput) => Promise<SignInResult>;

/** At one name from one network. */
const MAX_WAITING = 8;
/** Nobody's login or password is longer: both rules stop at 320 and 256. */
const MAX_INPUT = 1_024;

function findSignInOperator(db: Database, login: string) {
  if (/[\p{Cc}\p{Cs}]/u.test(login)) return Promise.resolve(null);
  return db.operator.findFirst({ where: { email: login.trim().toLowerCase(), deletedAt: null } });
}

type SignInOperator = NonNullable<Awaited<ReturnType<typeof findSignInOperator>>>;

/**
 * Undefined where the password was changed since it was verified. The row is locked until the session is there: a change that comes later
 * finds the session and ends it with the others.
 */
async function signInOperator(context: AuthContext, operator: SignInOperator, input: SignInInput, rehash: boolean) {
  const { now } = context;
  const passwordHash = rehash ? await hashPassword(input.password) : operator.passwordHash;
  const where = { id: operator.id, passwordHash: operator.passwordHash };
  return inTransaction(context.db, async (db) => {
    const { count } = await db.operator.updateMany({ where, data: { lastLoginAt: now(), passwordHash } });
    if (count === 0) return undefined;
    const actor = operatorActor(operator);
    await recordAudit(db, { actor, at: now(), operation: 'auth.signIn', ip: input.ip });
    const session = await createWebSession({ db, now }, { operatorId: operator.id }, input);
    return { ok: true, actor, session } as const;
  });
}

/** As `signInOperator`. */
async function signInAccount(context: AuthContext, account: SignInAccount, input: SignInInput, rehash: boolean) {
  const { now } = context;
  await noteAccountSignIn(context.db, account, now(), rehash ? input.password : undefined);
  return inTransaction(context.db, async (db) => {
    if (!(await lockCredentials(db, account))) return undefined;
    const session = await createWebSession({ db, now }, { accountId: account.id }, input);
    return { ok: true, actor: accountActor(account), session } as const;
  });
}

interface Candidates {
  operator: SignInOperator | null;
  account: SignInAccount | null;
}

function mailboxBuckets({ login, ip }: SignInInput): Buckets {
  return bucketsOf(login, ip);
}

function operatorBuckets({ login, ip }: SignInInput): Buckets {
  return bucketsOf(login, ip, 'web', 'operator');
}

/** At whose password a wrong one was a guess; a name that nobody has counts as a mailbox's. */
function countedFor({ operator, account }: Candidates, input: SignInInput): [Buckets, Buckets?] {
  if (!operator) return [mailboxBuckets(input)];
  return account ? [mailboxBuckets(input), operatorBuckets(input)] : [operatorBuckets(input)];
}

async function verifyBoth({ operator, account }: Candidates, password: string, nobodysHash: string) {
  const hashes = [operator?.passwordHash ?? nobodysHash, account?.passwordHash ?? nobodysHash];
  const [first, second] = await Promise.all(hashes.map((hash) => verifyPassword(hash, password)));
  const wrong: PasswordVerdict = { ok: false, needsRehash: false };
  return {
    asOperator: operator?.passwordHash ? (first ?? wrong) : wrong,
    asAccount: account ? (second ?? wrong) : wrong,
  };
}

/** Make one per process: it also lets only one guess at a name from one network through at a time. */
export function createSignIn(context: AuthContext, log: SignInLog = createSignInLog()): SignIn {
  const { db, now } = context;
  const tell = ({ login, ip }: SignInInput, outcome: SignInOutcome) =>
    log.signIn({ service: 'web', login, peer: ip }, outcome);
  const refuse = async (input: SignInInput, candidates: Candidates): Promise<SignInResult> => {
    const [buckets, also] = countedFor(candidates, input);
    const ban = await recordFailure(db, buckets, now(), also);
    tell(input, 'wrong');
    if (ban) log.banned({ service: 'web', login: input.login, peer: input.ip }, ban);
    return { ok: false, reason: 'wrong' };
  };
  const conclude = (input: SignInInput, signedIn: SignInResult | undefined): SignInResult => {
    tell(input, signedIn ? 'success' : 'wrong');
    return signedIn ?? { ok: false, reason: 'wrong' };
  };
  const turns = createSignInTurns(MAX_WAITING);
  const nobodysHash = hashPassword(randomBytes(16).toString('hex'));

  const signInAlone = async (input: SignInInput): Promise<SignInResult> => {
    const buckets = [mailboxBuckets(input), operatorBuckets(input)];
    const blocked = await Promise.all(buckets.map((each) => isBlocked(db, each, now())));
    if (blocked.includes(true)) {
      tell(input, 'throttled');
      return { ok: false, reason: 'throttled' };
    }
    const operator = await findSignInOperator(db, input.login);
    const account = await findSignInAccount(db, input.login);
    const { asOperator, asAccount } = await verifyBoth({ operator, account }, input.password, await nobodysHash);
    if (!asOperator.ok && !asAccount.ok) return refuse(input, { operator, account });
    if (asOperator.ok) await recordSuccess(db, operatorBuckets(input), now());
    if (asAccount.ok) await recordSuccess(db, mailboxBuckets(input), now());
    if (operator && asOperator.ok && !operator.suspendedAt) {
      return conclude(input, await signInOperator(context, operator, input, asOperator.needsRehash));
    }
    if (account && asAccount.ok && !isAccountSuspended(account)) {
      return conclude(input, await signInAccount(context, account, input, asAccount.needsRehash));
    }
    tell(input, 'suspended');
    return { ok: false, reason: 'suspended' };
  };

  return async (input) => {
    if (input.login.length > MAX_INPUT || input.password.length > MAX_INPUT) return { ok: false, reason: 'wrong' };
    const trimmed = { ...input, login: input.login.trim() };
    const result = await turns.run(mailboxBuckets(trimmed), () => signInAlone(trimmed));
    return result ?? { ok: false, reason: 'throttled' };
  };
}
