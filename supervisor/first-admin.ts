import { ensureFirstAdmin } from '#server/auth/ensure-first-admin.ts';
import { createPrisma } from '#server/database/prisma.ts';

/** A one-time link that sets the first admin's password; undefined once an admin can sign in. */
export async function prepareFirstAdmin(
  databaseUrl: string,
  webUrl: string,
  hostname: string,
): Promise<string | undefined> {
  const db = createPrisma(databaseUrl, 1);
  try {
    const token = await ensureFirstAdmin({ db, email: `admin@${hostname}`, name: 'Administrator' });
    return token && `${webUrl}/welcome?token=${token}`;
  } finally {
    await db.$disconnect();
  }
}
