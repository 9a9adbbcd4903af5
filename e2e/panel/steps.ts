/** What a person does in the panel again and again, by what they see. */
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, expect, type Page } from '@playwright/test';

/** A name nobody else has: all tests share one Mailstead. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;
}

/** Adds a domain and returns the path of its page. */
export async function addDomain(page: Page, name: string): Promise<string> {
  await page.goto('/panel/domains');
  await page.getByRole('button', { name: 'Add domain' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add a domain' });
  await dialog.getByLabel('Domain', { exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'Add domain' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Adds a mailbox on its domain's page and returns the generated password. */
export async function addMailbox(page: Page, domainPath: string, localPart: string): Promise<string> {
  await page.goto(domainPath);
  await page.getByRole('button', { name: 'Add mailbox' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add a mailbox' });
  await dialog.getByLabel('Name before the @').fill(localPart);
  await dialog.getByRole('button', { name: 'Add mailbox' }).click();
  const password = await dialog.getByLabel('Password', { exact: true }).inputValue();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();
  return password;
}

/** Adds a domain owner and returns their one-time link. */
export async function addDomainOwner(page: Page, name: string, email: string): Promise<string> {
  await page.goto('/panel/people');
  await page.getByRole('button', { name: 'Add person' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add a person' });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Email', { exact: true }).fill(email);
  await dialog.getByRole('button', { name: 'Add person' }).click();
  return dialog.getByLabel('Link', { exact: true }).inputValue();
}

/** Opens a one-time link in a browser of its own and chooses a password. */
export async function acceptLink(browser: Browser, link: string, password: string): Promise<Page> {
  const page = await browser.newPage({ baseURL: new URL(link).origin });
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('Repeat password').fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.waitForURL('**/panel');
  return page;
}

export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Email address').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.target.join(' ')) }))).toEqual([]);
}
