/** A mailbox owner of their own for each test, signed in to webmail, and a world that writes to them. */
import type { Browser, Locator, Page } from '@playwright/test';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { expectAccessible } from '../expect-accessible.ts';
import { test as base, expect } from '../fixtures.ts';
import { addDomain, addMailbox, uniqueName } from '../panel/steps.ts';

interface Mailbox {
  address: string;
  password: string;
}

export class Owner {
  readonly page: Page;
  readonly address: string;
  constructor(page: Page, address: string) {
    this.page = page;
    this.address = address;
  }
  get list(): Locator {
    return this.page.getByRole('region', { name: 'Messages' });
  }
  get message(): Locator {
    return this.page.getByRole('article', { name: 'Message' });
  }
  row(subject: string): Locator {
    return this.list.getByRole('listitem').filter({ hasText: subject });
  }
  folder(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name });
  }
  toast(text: string | RegExp): Locator {
    return this.page
      .getByRole('region', { name: /notifications/i })
      .getByRole('listitem')
      .filter({ hasText: text });
  }
  /** Keys and buttons work from the moment the list is there. */
  async expectReady(): Promise<void> {
    await expect(this.list.getByText('No messages')).toBeVisible();
  }
  async open(subject: string): Promise<void> {
    await this.row(subject).getByText(subject).click();
    await expect(this.message.getByRole('heading', { name: subject })).toBeVisible();
  }
  /** A mail's own HTML is its sender's business. */
  expectAccessible(): Promise<void> {
    return expectAccessible(this.page, 'iframe');
  }
}

interface Fixtures {
  owner: Owner;
  deliver: (message: SendMailOptions) => Promise<void>;
}

interface WorkerFixtures {
  createMailbox: (name: string) => Promise<Mailbox>;
}

async function openAdmin(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    storageState: process.env.E2E_ADMIN_STATE ?? '',
    baseURL: process.env.E2E_URL ?? '',
  });
  return context.newPage();
}

export async function signIn(page: Page, { address, password }: Mailbox): Promise<Owner> {
  await page.goto('/sign-in?next=%2Fwebmail');
  await page.getByLabel('Email address').fill(address);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/webmail**');
  const owner = new Owner(page, address);
  await owner.expectReady();
  return owner;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  createMailbox: [
    async ({ browser }, use) => {
      const admin = await openAdmin(browser);
      const domain = `${uniqueName('webmail')}.example`;
      const path = await addDomain(admin, domain);
      await use(async (name) => ({ address: `${name}@${domain}`, password: await addMailbox(admin, path, name) }));
      await admin.context().close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  owner: async ({ page, createMailbox }, use, info) => {
    await use(await signIn(page, await createMailbox(`owner${info.workerIndex}-${Date.now()}`)));
  },
  deliver: async ({ ports }, use) => {
    const world = createTransport({ host: '127.0.0.1', port: ports.smtp, ignoreTLS: true });
    await use(async (message) => {
      await world.sendMail({ from: 'Ana Petrović <ana@elsewhere.example>', ...message });
    });
    world.close();
  },
});

export { expect };
