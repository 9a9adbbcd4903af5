import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '#prisma/generated/client.ts';

export type { Prisma, PrismaClient } from '#prisma/generated/client.ts';

/** The control plane's database client; `max` connections. Close with `$disconnect()`. */
export function createPrisma(databaseUrl: string, max = 10): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max }) });
}
