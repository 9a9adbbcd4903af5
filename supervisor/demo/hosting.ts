/** Puts the demo's people, domains, mailboxes and aliases into the system through the panel's own operations. */
import { demoAccounts, demoDomains, demoOperators } from '#prisma/seeds/hosting.ts';
import type { DemoAccount } from '#prisma/seeds/types.ts';
import { createAccount } from '#server/accounts/create-account.ts';
import { createAlias } from '#server/addresses/create-alias.ts';
import { issuePasswordLink, redeemPasswordLink } from '#server/auth/password-link.ts';
import { createDomain } from '#server/domains/create-domain.ts';
import type { Context } from '#server/operation.ts';
import { createOperator } from '#server/operators/create-operator.ts';

/** The first mailbox of a domain gets these by itself. */
const GIVEN_ALIASES = new Set(['postmaster', 'abuse']);

async function createOperators(context: Context, password: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { reseller, ...person } of demoOperators) {
    const resellerId = reseller === undefined ? null : (ids.get(reseller) ?? null);
    const { id } = await createOperator(context, { ...person, resellerId });
    ids.set(person.email, id);
    const { token } = await issuePasswordLink(context, BigInt(id));
    await redeemPasswordLink(context, { token, password, email: person.email, name: person.name });
  }
  return ids;
}

async function createDomains(context: Context, people: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { name, owner = '', reseller = '', defaultQuotaBytes } of demoDomains) {
    const ownerId = people.get(owner) ?? null;
    const resellerId = people.get(reseller) ?? null;
    ids.set(name, (await createDomain(context, { name, ownerId, resellerId, defaultQuotaBytes })).id);
  }
  return ids;
}

async function createMailbox(context: Context, domainId: string, seed: DemoAccount, password: string): Promise<number> {
  const localPart = seed.address.slice(0, seed.address.lastIndexOf('@'));
  const { displayName, quotaBytes } = seed;
  const { account } = await createAccount(context, { domainId, localPart, displayName, quotaBytes, password });
  for (const alias of seed.aliases.filter((name) => !GIVEN_ALIASES.has(name))) {
    await createAlias(context, { domainId, localPart: alias, targetIds: [account.id] });
  }
  return Number(account.id);
}

export interface DemoMailbox {
  accountId: number;
  seed: DemoAccount;
}

/** Everybody gets `password`. Returns the mailboxes, to be filled. */
export async function createDemoHosting(context: Context, password: string): Promise<DemoMailbox[]> {
  const people = await createOperators(context, password);
  const domains = await createDomains(context, people);
  const mailboxes: DemoMailbox[] = [];
  for (const seed of demoAccounts) {
    const domainId = domains.get(seed.address.slice(seed.address.lastIndexOf('@') + 1)) ?? '';
    mailboxes.push({ accountId: await createMailbox(context, domainId, seed, password), seed });
  }
  return mailboxes;
}
