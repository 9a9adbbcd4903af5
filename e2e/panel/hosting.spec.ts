import { expect, test } from '../fixtures.ts';
import { acceptLink, addDomain, addDomainOwner, addMailbox, signIn, uniqueName } from './steps.ts';

test('an admin adds a domain and a mailbox, and its owner signs in with the generated password', async ({
  admin,
  page,
}) => {
  const name = `${uniqueName('harbour')}.example`;
  const path = await addDomain(admin, name);
  const password = await addMailbox(admin, path, 'ada');
  await expect(admin.getByRole('link', { name: `ada@${name}` })).toBeVisible();
  await signIn(page, `ada@${name}`, password);
  await page.waitForURL('**/webmail**');
});

test('a domain that is no domain is refused while it is typed', async ({ admin }) => {
  await admin.goto('/panel/domains?new=1');
  const field = admin.getByLabel('Domain', { exact: true });
  await field.fill('not a domain');
  await field.blur();
  await expect(admin.getByText('Enter a domain like example.org')).toBeVisible();
});

test('an address that is taken is named at its field', async ({ admin }) => {
  const path = await addDomain(admin, `${uniqueName('taken')}.example`);
  await addMailbox(admin, path, 'ada');
  await admin.goto(`${path}?new=1`);
  const dialog = admin.getByRole('dialog', { name: 'Add a mailbox' });
  await dialog.getByLabel('Name before the @').fill('ADA');
  await dialog.getByRole('button', { name: 'Add mailbox' }).click();
  await expect(dialog.getByLabel('Name before the @')).toHaveAttribute('aria-invalid', 'true');
});

test('a reset password replaces the old one', async ({ admin, page }) => {
  const name = `${uniqueName('reset')}.example`;
  const path = await addDomain(admin, name);
  const old = await addMailbox(admin, path, 'ada');
  await admin.getByRole('link', { name: `ada@${name}` }).click();
  await admin.getByRole('button', { name: 'Reset password' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Reset password' }).click();
  const fresh = await dialog.getByLabel('Password', { exact: true }).inputValue();
  expect(fresh).not.toBe(old);
  await signIn(page, `ada@${name}`, old);
  await expect(page.getByText('do not belong together')).toBeVisible();
  await signIn(page, `ada@${name}`, fresh);
  await page.waitForURL('**/webmail**');
});

test('a suspended mailbox cannot sign in, and can again after undo', async ({ admin, page }) => {
  const name = `${uniqueName('pause')}.example`;
  const path = await addDomain(admin, name);
  const password = await addMailbox(admin, path, 'ada');
  await admin.getByRole('button', { name: `Actions for ada@${name}` }).click();
  await admin.getByRole('menuitem', { name: 'Suspend' }).click();
  await expect(admin.getByRole('cell', { name: 'Suspended' })).toBeVisible();
  await signIn(page, `ada@${name}`, password);
  await expect(page.getByText('This account is suspended')).toBeVisible();
  await admin.getByRole('button', { name: 'Undo' }).click();
  await expect(admin.getByRole('cell', { name: 'Active', exact: true })).toBeVisible();
  await signIn(page, `ada@${name}`, password);
  await page.waitForURL('**/webmail**');
});

test('a deleted mailbox comes back by undo, and later from the deleted items', async ({ admin }) => {
  const name = `${uniqueName('undo')}.example`;
  const path = await addDomain(admin, name);
  await addMailbox(admin, path, 'ada');
  const row = admin.getByRole('link', { name: `ada@${name}` });
  const deleteIt = async (): Promise<void> => {
    await admin.getByRole('button', { name: `Actions for ada@${name}` }).click();
    await admin.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(row).toBeHidden();
  };
  await deleteIt();
  await admin.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  await deleteIt();
  await admin.goto(`/panel/deleted?q=${name}`);
  await admin.getByRole('button', { name: 'Restore' }).click();
  await expect(admin.getByText('Nothing matches')).toBeVisible();
  await admin.goto(path);
  await expect(row).toBeVisible();
});

test('several mailboxes are suspended at once', async ({ admin }) => {
  const path = await addDomain(admin, `${uniqueName('bulk')}.example`);
  for (const localPart of ['ada', 'bob', 'eve']) await addMailbox(admin, path, localPart);
  await admin.getByRole('checkbox', { name: 'Select all on this page' }).click();
  await admin.getByRole('region', { name: 'Selected rows' }).getByRole('button', { name: 'Suspend' }).click();
  await expect(admin.getByRole('cell', { name: 'Suspended' })).toHaveCount(3);
});

test("another tenant's domain and mailbox are not found, as if they did not exist", async ({ admin, browser }) => {
  const theirs = await addDomain(admin, `${uniqueName('theirs')}.example`);
  await addMailbox(admin, theirs, 'ada');
  await admin.getByRole('link', { name: /^ada@/ }).click();
  await expect(admin.getByRole('heading', { level: 1, name: /^ada@/ })).toBeVisible();
  const mailbox = new URL(admin.url()).pathname;
  const link = await addDomainOwner(admin, 'Olaf Owner', `${uniqueName('olaf')}@people.example`);
  const olaf = await acceptLink(browser, link, 'lantern-quiet-42-anchor');
  for (const path of [theirs, mailbox, '/panel/domains/999999']) {
    await olaf.goto(path);
    await expect(olaf.getByText('There is no such thing, or it is not yours')).toBeVisible();
  }
  await olaf.goto('/panel/settings');
  await expect(olaf.getByText('This is not open to you')).toBeVisible();
  await olaf.context().close();
});

test('the command palette finds a mailbox and goes there', async ({ admin }) => {
  const name = `${uniqueName('find')}.example`;
  await addMailbox(admin, await addDomain(admin, name), 'ada');
  await admin.keyboard.press('Control+k');
  await admin.getByPlaceholder('Go to a page').fill(`ada@${name}`);
  await admin.getByRole('option', { name: `ada@${name}` }).click();
  await expect(admin.getByRole('heading', { level: 1, name: `ada@${name}` })).toBeVisible();
});
