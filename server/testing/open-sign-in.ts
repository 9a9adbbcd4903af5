/** What tests of signing in stand on: a tenant in a database of its own, a clock that stands still, and an authenticator. */
import { cloneDatabase } from '#prisma/testing/clone-database.ts';
import { createAuthenticator } from '../auth/create-authenticator.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import type { Authenticator } from '../directory/types.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { createReseller, createTenant, SECRET, type Tenant } from './tenants.ts';

export interface SignInStage {
  db: PrismaClient;
  /** Its domain is the stage's. */
  tenant: Tenant;
  clock: ManualClock;
  authenticator: Authenticator;
  /** Before each test: the clock starts again, and no failure is counted against anybody. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
}

export async function openSignIn(clusterUrl: string, domain: string): Promise<SignInStage> {
  const database = await cloneDatabase(clusterUrl);
  const db = createPrisma(database.url, 6);
  const tenant = await createTenant(db, domain, await createReseller(db, `reseller@${domain}`));
  const start = () => {
    const clock = createManualClock();
    return { clock, authenticator: createAuthenticator({ db, secret: SECRET, now: clock.now }) };
  };
  const stage: SignInStage = {
    db,
    tenant,
    ...start(),
    restart: async () => {
      await db.loginFailure.deleteMany();
      Object.assign(stage, start());
    },
    close: async () => {
      await db.$disconnect();
      await database.drop();
    },
  };
  return stage;
}
