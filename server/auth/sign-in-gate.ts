/**
 * The one gate every mail sign-in goes through, whatever its mechanism: who is blocked is turned away before anything is looked
 * at, a wrong answer is counted, a right one clears the count. Answers for one name from one network are judged one after the
 * other, so that guesses sent in parallel count like guesses in a row. Every outcome leaves its line in the log (`sign-in-log.ts`).
 */
import type { Database } from '../database/prisma.ts';
import type { AuthenticationResult, SignInAttempt } from '../directory/types.ts';
import { createSignInLog, type SignInLog } from './sign-in-log.ts';
import { createSignInTurns } from './sign-in-turns.ts';
import { bucketsOf, isBlocked, recordFailure, recordSuccess } from './throttle.ts';

/** A client with many connections signs in on all of them at once; more than this at one name from one network is an attack. */
const MAX_WAITING = 64;

interface NamedAttempt extends SignInAttempt {
  /** As the client gave it. */
  login: string;
}

/**
 * `credentials` tells whether the proof was right: a suspended account's may be, a wrong guess's never is. `unusable`: a secret that
 * nobody guesses, right but not allowed here; it neither counts nor clears.
 */
export interface Judgement {
  credentials: 'right' | 'wrong' | 'unusable';
  result: AuthenticationResult;
  /** For the log alone. */
  detail?: string;
}

export const WRONG: Judgement = { credentials: 'wrong', result: { ok: false, reason: 'wrong' } };

export interface SignInGate {
  /** Judges an attempt, alone for its name and network. */
  judge(attempt: NamedAttempt, check: () => Promise<Judgement>): Promise<AuthenticationResult>;
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
  const judgeAlone = async (attempt: NamedAttempt, check: () => Promise<Judgement>): Promise<AuthenticationResult> => {
    if (await refuseBlocked(attempt)) return throttled;
    const judgement = await check();
    const { credentials, result, detail } = judgement;
    if (credentials === 'wrong') await countFailure(attempt, detail);
    else {
      if (credentials === 'right') await recordSuccess(db, bucketsFor(attempt), now());
      log.signIn(attempt, result.ok ? 'success' : 'suspended', detail);
    }
    return result;
  };

  return {
    judge: async (attempt, check) =>
      (await turns.run(bucketsFor(attempt), () => judgeAlone(attempt, check))) ?? throttled,
    isBlocked: refuseBlocked,
    countFailure,
  };
}
