/**
 * The one gate every mail sign-in goes through, whatever its mechanism: who is blocked is turned away before anything is looked
 * at, a wrong answer is counted, a right one clears the count. Answers for one name from one network are judged one after the
 * other, so that guesses sent in parallel count like guesses in a row.
 */
import type { Database } from '../database/prisma.ts';
import type { AuthenticationResult, SignInAttempt } from '../directory/types.ts';
import { createKeyedLock } from './keyed-lock.ts';
import { bucketsOf, isBlocked, recordFailure, recordSuccess } from './throttle.ts';

/** A client with many connections signs in on all of them at once; more than this at one name from one network is an attack. */
const MAX_WAITING = 64;

export interface NamedAttempt extends SignInAttempt {
  /** As the client gave it. */
  login: string;
}

/** `credentials` tells whether the proof was right: a suspended account's may be, a wrong guess's never is. */
export interface Judgement {
  credentials: 'right' | 'wrong';
  result: AuthenticationResult;
}

export interface SignInGate {
  /** Judges an attempt, alone for its name and network. */
  judge(attempt: NamedAttempt, check: () => Promise<Judgement>): Promise<AuthenticationResult>;
  /** For exchanges of several steps: whether one may begin. */
  isBlocked(attempt: NamedAttempt): Promise<boolean>;
  /** For an exchange that was begun and never came to a judgement. */
  countFailure(attempt: NamedAttempt): Promise<void>;
}

export function createSignInGate({ db, now }: { db: Database; now: () => Date }): SignInGate {
  const lock = createKeyedLock(MAX_WAITING);
  const throttled: AuthenticationResult = { ok: false, reason: 'throttled' };

  const judgeAlone = async (attempt: NamedAttempt, check: () => Promise<Judgement>): Promise<AuthenticationResult> => {
    const buckets = bucketsOf(attempt.login, attempt.peer);
    if (await isBlocked(db, buckets, now())) return throttled;
    const { credentials, result } = await check();
    if (credentials === 'right') await recordSuccess(db, buckets);
    else await recordFailure(db, buckets, now());
    return result;
  };

  return {
    judge: async (attempt, check) => {
      const key = bucketsOf(attempt.login, attempt.peer).accountAtNetwork;
      return (await lock.run(key, () => judgeAlone(attempt, check))) ?? throttled;
    },
    isBlocked: ({ login, peer }) => isBlocked(db, bucketsOf(login, peer), now()),
    countFailure: ({ login, peer }) => recordFailure(db, bucketsOf(login, peer), now()),
  };
}
