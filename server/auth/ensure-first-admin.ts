import type { Database } from '../database/prisma.ts';
import { inTransaction } from '../database/transaction.ts';
import { issuePasswordLink } from './password-link.ts';

export interface FirstAdminOptions {
  db: Database;
  /** A stand-in such as `admin@host`: the first admin chooses email and name on the link's page. */
  email: string;
  name: string;
  now?: () => Date;
}

/**
 * Sees to it that somebody can become the first admin: while no admin has a password, makes the admin where there is none
 * and returns the token of a fresh one-time link (earlier ones end). Undefined once an admin can sign in.
 */
export async function ensureFirstAdmin(options: FirstAdminOptions): Promise<string | undefined> {
  const { name, now = () => new Date() } = options;
  return inTransaction(options.db, async (db) => {
    await db.$executeRaw`LOCK TABLE operator IN SHARE ROW EXCLUSIVE MODE`; // two starts at once make one admin
    const admins = await db.operator.findMany({
      where: { role: 'admin', deletedAt: null },
      select: { id: true, passwordHash: true },
      orderBy: { id: 'asc' },
    });
    if (admins.some((admin) => admin.passwordHash !== null)) return undefined;
    const admin =
      admins[0] ??
      (await db.operator.create({
        data: { email: options.email.toLowerCase(), name, role: 'admin', createdAt: now() },
        select: { id: true },
      }));
    const { token } = await issuePasswordLink({ db, now }, admin.id);
    return token;
  });
}
