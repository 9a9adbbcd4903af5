/**
 * The one gate every mail sign-in goes through, whatever its mechanism: who is blocked is turned away before anything is looked
 * at, a wrong answer is counted, a right one clears the count. Answers for one name from one network are judged one after the
 * other, so that guesses sent in parallel count like guesses in a row. Every outcome leaves its line in the log (`sign-in-log.ts`).
 */
import type { Database } from '../database/prisma.ts';
import type { AuthenticationResult, SignInAttempt } from '../directory/types.ts';
import { createSignInLog, type SignInLog } from './sign-in-log.ts';
import { createSignInTurns } from './sign-in-turns.ts';
import { bucketsOf, isBanned, isBlocked, recordFailure, recordPresence, recordSuccess } from './throttle.ts';

/** A client with many connections signs in on all of them at once; more than this at one name from one network is an attack. */
const MAX_WAITING = 64;

interface NamedAttempt extends SignInAttempt {
  /** As the client gave it. */
  login: string;
}

/**
 * `credentials` tells whether the proof was right: a suspended account's may be, a wrong guess's never is. A secret that nobody guesses is
 * `unguessable` where it is right, and `unusable` where it is not allowed here: it neither counts nor clears what was counted at the
 * password, or whoever found a telephone could guess that without end.
 */
export interface Judgement {
  credentials: 'right' | 'wrong' | 'unguessable' | 'unusable';
  result: AuthenticationResult;
  /** For the log alone. */
  detail?: string;
}

export const WRONG: Judgement = { credentials: 'wrong', result: { ok: false, reason: 'wrong' } };

export interface SignInGate {
  /**
   * Judges an attempt, alone for its name and network. `recognise` goes first, and finds secrets that nobody guesses: wrong passwords of others
   * do not block them, a ban does.
   */
  judge(
    attempt: NamedAttempt,
    check: () => Promise<Judgement>,
    recognise?: () => Promise<Judgement | undefined>,
  ): Promise<AuthenticationResult>;
  /** For exchanges of several steps: whether one may begin. */
  isBlocked(attempt: NamedAttempt): Promise<boolean>;
  /** For an exchange that was begun and never came to a judgement. */
  countFailure(attempt: NamedAttempt): Promise<void>;
}

export interface SignInGateOptions {
  db: Database;
  now: () => Date;
  log?: SignInLog;
}

export function createSignInGate({ db, now, log = createSignInLog() }: SignInGateOptions): SignInGate {
  const turns = createSignInTurns(MAX_WAITING);
  const throttled: AuthenticationResult = { ok: false, reason: 'throttled' };

  const bucketsFor = ({ login, peer, service }: NamedAttempt) => bucketsOf(login, peer, service);
  const refuseBlocked = async (attempt: NamedAttempt): Promise<boolean> => {
    const blocked = await isBlocked(db, bucketsFor(attempt), now());
    if (blocked) log.signIn(attempt, 'throttled');
    return blocked;
  };
  const countFailure = async (attempt: NamedAttempt, detail?: string): Promise<void> => {
    const ban = await recordFailure(db, bucketsFor(attempt), now());
    log.signIn(attempt, 'wrong', detail);
    if (ban) log.banned(attempt, ban);
  };
  const conclude = async (attempt: NamedAttempt, { credentials, result, detail }: Judgement) => {
    const buckets = bucketsFor(attempt);
    if (credentials === 'wrong') await countFailure(attempt, detail);
    else {
      if (credentials === 'right') await recordSuccess(db, buckets, now());
      if (credentials === 'unguessable') await recordPresence(db, buckets, now());
      log.signIn(attempt, result.ok ? 'success' : 'suspended', detail);
    }
    return result;
  };
  const judgeAlone: SignInGate['judge'] = async (attempt, check, recognise) => {
    const recognised = recognise && !(await isBanned(db, bucketsFor(attempt), now())) ? await recognise() : undefined;
    if (recognised) return conclude(attempt, recognised);
    if (await refuseBlocked(attempt)) return throttled;
    return conclude(attempt, await check());
  };

  return {
    judge: async (attempt, check, recognise) =>
      (await turns.run(bucketsFor(attempt), () => judgeAlone(attempt, check, recognise))) ?? throttled,
    isBlocked: refuseBlocked,
    countFailure,
  };
}
