/** One connection of a pool for several users at once, whose round trips go one behind the other: taken for the first, given back after the last. */
import type { Pool, PoolClient } from 'pg';

export interface SharedConnection {
  /** A connection on which something failed is closed once its users have left, and given to nobody any more. */
  use<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
}

interface Lease {
  client: Promise<PoolClient>;
  users: number;
  failure: Error | undefined;
}

export function createSharedConnection(pool: Pick<Pool, 'connect'>): SharedConnection {
  let current: Lease | undefined;

  async function giveBack({ client, failure }: Lease): Promise<void> {
    const taken = await client.catch(() => undefined); // its users were told
    taken?.release(failure);
  }

  return {
    use: async (work) => {
      current ??= { client: pool.connect(), users: 0, failure: undefined };
      const lease = current;
      lease.users += 1;
      try {
        return await work(await lease.client);
      } catch (error) {
        lease.failure = error instanceof Error ? error : new Error(String(error));
        if (current === lease) current = undefined;
        throw error;
      } finally {
        lease.users -= 1;
        if (lease.users === 0) {
          if (current === lease) current = undefined;
          void giveBack(lease);
        }
      }
    },
  };
}
