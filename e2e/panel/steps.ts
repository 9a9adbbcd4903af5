/** What a person does in the panel again and again, by what they see. */
import { type Browser, expect, type Locator, type Page } from '@playwright/test';
import { createTransport } from 'nodemailer';

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

/** Opens the dialog that adds an address to the domain of `domainPath`. */
export async function openAddressDialog(
  page: Page,
  domainPath: string,
  kind: 'Alias' | 'Forward' | 'Responder',
): Promise<Locator> {
  await page.goto(`${domainPath}/addresses`);
  await page.getByRole('button', { name: 'Add address' }).first().click();
  await page.getByRole('menuitem', { name: kind }).click();
  return page.getByRole('dialog');
}

/** `destinations`: one a line. */
export async function addForward(
  page: Page,
  domainPath: string,
  localPart: string,
  destinations: string,
): Promise<void> {
  const dialog = await openAddressDialog(page, domainPath, 'Forward');
  await dialog.getByLabel('Name before the @').fill(localPart);
  await dialog.getByLabel('Forward to').fill(destinations);
  await dialog.getByRole('button', { name: 'Add forward' }).click();
  await expect(dialog).toBeHidden();
}

/** Limits what the mailbox or domain whose settings `path` shows may send. */
export async function limitSending(page: Page, path: string, label: string, limit: string): Promise<void> {
  await page.goto(path);
  const limits = page.getByRole('region', { name: 'Sending limits' });
  await limits.getByLabel(label, { exact: true }).fill(limit);
  await limits.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
}

/** Sends one message from the world; rejects with the server's reply where it is refused. */
export async function writeFromElsewhere(port: number, to: string, subject: string): Promise<void> {
  const world = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
  await world.sendMail({ from: 'erik@elsewhere.example', to, subject, text: 'Hello.' });
}

/** Adds a domain with a forward that leads to more than may leave, and mail to it. Returns the paths of the domain and of its held mail. */
export async function addDomainWithHeldForward(
  page: Page,
  smtpPort: number,
): Promise<{ domain: string; held: string }> {
  const name = `${uniqueName('onward')}.example`;
  const domain = await addDomain(page, name);
  await addForward(page, domain, 'sales', 'zoe@elsewhere.example\npia@elsewhere.example');
  await limitSending(page, `${domain}/settings`, 'Recipients per hour', '1');
  await writeFromElsewhere(smtpPort, `sales@${name}`, 'An order');
  await page.goto('/panel/held');
  await expect(page.getByRole('link', { name: `Forwards of ${name}` })).toBeVisible({ timeout: 45_000 });
  return { domain, held: `/panel/held/domain-${domain.split('/').at(-1)}` };
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

/** Opens a one-time link in a browser context of its own, for the test to close, and chooses a password. */
export async function acceptLink(browser: Browser, link: string, password: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: new URL(link).origin });
  const page = await context.newPage();
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
