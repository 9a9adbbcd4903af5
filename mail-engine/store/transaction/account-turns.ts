/**
 * Transactions of one account take turns in this process before they take a connection, so that those who would only wait for each
 * other's lock never hold all connections.
 */
import type { AccountId } from '../types.ts';

export function createAccountTurns(): <T>(accountId: AccountId, run: () => Promise<T>) => Promise<T> {
  const last = new Map<AccountId, Promise<unknown>>();
  return async (accountId, run) => {
    const before = last.get(accountId) ?? Promise.resolve();
    const mine = before.then(run, run);
    const settled = mine.catch(() => undefined); // its caller is told
    last.set(accountId, settled);
    try {
      return await mine;
    } finally {
      if (last.get(accountId) === settled) last.delete(accountId);
    }
  };
}
