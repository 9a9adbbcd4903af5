import { issuePasswordLink } from '#server/auth/password-link.ts';
import { createPrisma } from '#server/database/prisma.ts';
import type { CommandContext } from './context.ts';

/** `mailstead password-link EMAIL`: for an operator whose password is lost, the last admin included. Ends earlier links. */
export async function passwordLinkCommand(
  { databaseUrl, webUrl }: CommandContext,
  args: readonly string[],
): Promise<number> {
  const email = (args[0] ?? '').toLowerCase();
  const db = createPrisma(databaseUrl, 1);
  try {
    const operator = await db.operator.findFirst({ where: { email, deletedAt: null }, select: { id: true } });
    if (!operator) throw new Error(`Nobody who administers Mailstead has the email ${email || '(none given)'}`);
    const { token, expiresAt } = await issuePasswordLink({ db, now: () => new Date() }, operator.id);
    process.stdout.write(`${webUrl}/welcome?token=${token}\n(works once, until ${expiresAt.toISOString()})\n`);
    return 0;
  } finally {
    await db.$disconnect();
  }
}
