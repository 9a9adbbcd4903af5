import type { Context } from '../operation.ts';
import { createCramMd5Column } from './cram-md5-column.ts';
import { createAccountCredentials } from './password.ts';

/** Gives the account a new password, which ends the mail sessions signed in by the one before. Whether it is good is for the caller to have checked. */
export async function setAccountPassword(context: Context, accountId: bigint, password: string): Promise<void> {
  const { db } = context;
  const before = await db.account.findUniqueOrThrow({ where: { id: accountId }, select: { scramSha256: true } });
  const credentials = await createAccountCredentials(password, before);
  const cramMd5 = await createCramMd5Column(context, password);
  await db.account.update({
    where: { id: accountId },
    data: { ...credentials, cramMd5, credentialsVersion: { increment: 1 } },
  });
}
