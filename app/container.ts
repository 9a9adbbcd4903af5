/**
 * The web process's composition root: configuration read once, one Prisma client and one pool for the whole process.
 * They live on `globalThis` because Next.js loads this module once per bundle, and again after every change in development.
 */
import { createSignIn, type SignIn } from '#server/auth/create-sign-in.ts';
import { type Config, readConfig } from '#server/config.ts';
import { createPool } from '#server/database/pool.ts';
import { createPrisma, type PrismaClient } from '#server/database/prisma.ts';

export interface Container {
  config: Config;
  /** Signs session cookies and access tokens. */
  secret: string;
  db: PrismaClient;
  pool: ReturnType<typeof createPool>;
  now: () => Date;
  /** One per process: it lets only one guess at a name through at a time. */
  signIn: SignIn;
}

const KEY = Symbol.for('mailstead.container');
const DATABASE_CONNECTIONS = 10;

function createContainer(): Container {
  const config = readConfig(process.env);
  const { databaseUrl, secret } = config;
  if (databaseUrl === undefined) throw new Error('DATABASE_URL: the web process needs it; `npm start` sets it');
  if (secret === undefined) throw new Error('MAILSTEAD_SECRET: the web process needs it; `npm start` makes it');
  const db = createPrisma(databaseUrl, DATABASE_CONNECTIONS);
  const now = (): Date => new Date();
  return {
    config,
    secret,
    db,
    pool: createPool({ connectionString: databaseUrl, max: DATABASE_CONNECTIONS }),
    now,
    signIn: createSignIn({ db, now }),
  };
}

/** Made at the first request, so that a build needs neither database nor secrets. */
export function container(): Container {
  const holder = globalThis as { [KEY]?: Container };
  holder[KEY] ??= createContainer();
  return holder[KEY];
}
