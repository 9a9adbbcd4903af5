import type { Database } from '../database/prisma.ts';
import { createAccountCredentials } from './password.ts';

/** Gives the account a new password, which ends the mail sessions signed in by the one before. Whether it is good is for the caller to have checked. */
export async function setAccountPassword(db: Database, accountId: bigint, password: string): Promise<void> {
  const credentials = await createAccountCredentials(password);
  await db.account.update({
    where: { id: accountId },
    data: { ...credentials, credentialsVersion: { increment: 1 } },
  });
}
