import { defineConfig } from 'prisma/config';

/** Prisma reads its schema in parts, one file a domain; migrations run through `prisma/migrate.ts`. */
export default defineConfig({ schema: 'prisma/schema', migrations: { path: 'prisma/migrations' } });
