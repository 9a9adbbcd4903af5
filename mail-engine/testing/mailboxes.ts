/** Mailboxes for tests, made by the same operations as the panel's. */
import { createAccount } from '#server/accounts/create-account.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { createPrisma } from '#server/database/prisma.ts';
import { createDomain } from '#server/domains/create-domain.ts';

export interface MailboxOptions {
  domain: string;
  count: number;
  password: string;
}

/** Makes the domain and `person1@…` to `personN@…`, unlimited; returns their addresses. */
export async function createMailboxes(databaseUrl: string, options: MailboxOptions): Promise<string[]> {
  const db = createPrisma(databaseUrl, 2);
  const context = { db, actor: SYSTEM, now: () => new Date() };
  try {
    const domain = await createDomain(context, { name: options.domain });
    const addresses: string[] = [];
    for (let number = 1; number <= options.count; number++) {
      const input = { domainId: domain.id, localPart: `person${number}`, password: options.password };
      addresses.push((await createAccount(context, input)).account.address);
    }
    return addresses;
  } finally {
    await db.$disconnect();
  }
}
