/** `npm run demo`: example domains, people and mail, once; the password everybody has is made at the first run and printed at each. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoAccounts, demoOperators } from '#prisma/seeds/hosting.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { generatePassword } from '#server/auth/password-rules.ts';
import { createPrisma } from '#server/database/prisma.ts';
import { createDemoHosting } from './hosting.ts';
import { fillDemoMail } from './mail.ts';

export interface DemoLogins {
  admin: string;
  mailbox: string;
  password: string;
}

async function readOrMakePassword(varDir: string): Promise<string> {
  const file = join(varDir, 'demo-password');
  const existing = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (existing) return existing.trim();
  const password = generatePassword();
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

export async function fillDemo(databaseUrl: string, varDir: string): Promise<DemoLogins> {
  const password = await readOrMakePassword(varDir);
  const db = createPrisma(databaseUrl, 2);
  try {
    if ((await db.domain.count()) === 0) {
      const mailboxes = await createDemoHosting({ db, actor: SYSTEM, now: () => new Date() }, password);
      await fillDemoMail(databaseUrl, mailboxes);
    }
  } finally {
    await db.$disconnect();
  }
  // Whose address is an operator's email too comes to the panel, not to webmail.
  const operators = new Set(demoOperators.map((operator) => operator.email));
  const owner = demoAccounts.find(({ address, mail }) => mail === 'busy' && !operators.has(address));
  return { admin: demoOperators[0]?.email ?? '', mailbox: owner?.address ?? '', password };
}
