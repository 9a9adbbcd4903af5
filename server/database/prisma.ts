import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from '#prisma/generated/client.ts';

export { Prisma, type PrismaClient } from '#prisma/generated/client.ts';

/** What statements run on: the client itself, or one transaction of it. */
export type Database = Prisma.TransactionClient;

/** The control plane's database client; `max` connections. Close with `$disconnect()`. */
export function createPrisma(databaseUrl: string, max = 10): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max }) });
}
