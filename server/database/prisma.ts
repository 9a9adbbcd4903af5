import { type Prisma, PrismaClient } from '#prisma/generated/client.ts';
import { OneQueryAtATime } from './one-query-at-a-time.ts';
import { KEEP_ALIVE } from './pool.ts';

export { Prisma, type PrismaClient } from '#prisma/generated/client.ts';

/** What statements run on: the client itself, or one transaction of it. */
export type Database = Prisma.TransactionClient;

/** The control plane's database client; `max` connections. Close with `$disconnect()`. */
export function createPrisma(databaseUrl: string, max = 10): PrismaClient {
  return new PrismaClient({ adapter: new OneQueryAtATime({ ...KEEP_ALIVE, connectionString: databaseUrl, max }) });
}
