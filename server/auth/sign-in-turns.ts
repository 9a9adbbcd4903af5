/**
 * In which order sign-ins are judged: those at one name from one network one after the other, and of all names from one network a few at a time.
 * So guesses sent in parallel are counted before the next ones are looked at: at a name like guesses in a row, and a network that is to be banned
 * after so many gets no more than a few beyond them.
 */
import { createKeyedLock } from './keyed-lock.ts';
import type { Buckets } from './throttle.ts';

/** Password hashes are computed no faster than that anyway. */
const AT_A_TIME = 4;

export interface SignInTurns {
  /** Undefined when too many wait already at the name. */
  run<T>(buckets: Buckets, task: () => Promise<T>): Promise<T | undefined>;
}

/** Make one per process. `maxWaiting`: at one name from one network. */
export function createSignInTurns(maxWaiting: number): SignInTurns {
  const names = createKeyedLock(maxWaiting);
  const networks = createKeyedLock(Number.POSITIVE_INFINITY, AT_A_TIME);
  return {
    run: (buckets, task) => names.run(buckets.accountAtNetwork, () => networks.run(buckets.network, task)),
  };
}
