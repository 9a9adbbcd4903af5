import { ImapFlow } from 'imapflow';
import { expectAccessible } from '../expect-accessible.ts';
import { expect, test } from '../fixtures.ts';
import { addDomain, addMailbox, signIn, uniqueName } from './steps.ts';

async function canSignIn(port: number, user: string, pass: string): Promise<boolean> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: true,
    tls: { rejectUnauthorized: false },
    auth: { user, pass },
    logger: false,
  });
  client.on('error', () => undefined); // what ends the connection is seen by `connect`
  try {
    await client.connect();
    await client.logout();
    return true;
  } catch (error) {
    if ((error as { authenticationFailed?: boolean }).authenticationFailed) return false;
    throw error;
  }
}

test('a mailbox owner makes an app password, uses it, and it ends when the domain’s people revoke it', async ({
  admin,
  page,
  ports,
}) => {
  const address = `ada@${uniqueName('apps')}.example`;
  const path = await addDomain(admin, address.slice(4));
  const password = await addMailbox(admin, path, 'ada');
  await signIn(page, address, password);
  await page.waitForURL('**/webmail**');
  await page.getByRole('button', { name: 'Account menu' }).click();
  await page.getByRole('menuitem', { name: 'Security' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Security' })).toBeVisible();
  await expect(page.getByText('No app passwords')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'New app password' }).click();
  const dialog = page.getByRole('dialog', { name: 'New app password' });
  await dialog.getByRole('button', { name: 'Make app password' }).click();
  await expect(dialog.getByText('Enter a name, like “Phone”.')).toBeVisible();
  await dialog.getByLabel('Name', { exact: true }).fill('Phone');
  await dialog.getByLabel('Only from these networks').fill('127.0.0.0/8, nowhere');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Make app password' }).click();
  await expect(dialog.getByText('“nowhere” is not an address or network')).toBeVisible();
  await dialog.getByLabel('Only from these networks').fill('127.0.0.0/8');
  await dialog.getByRole('button', { name: 'Make app password' }).click();
  const secret = await dialog.getByLabel('App password', { exact: true }).inputValue();
  expect(secret).toMatch(/^mst-/);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'Phone' });
  await expect(row).toContainText('Never used');
  await expect(page.getByText(secret)).toHaveCount(0);

  expect(await canSignIn(ports.imaps, address, secret.toUpperCase())).toBe(true);
  await page.getByRole('button', { name: 'Require app passwords' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Require app passwords' }).click();
  await expect(page.getByText('Mail programs must use an app password')).toBeVisible();
  expect(await canSignIn(ports.imaps, address, password)).toBe(false);
  expect(await canSignIn(ports.imaps, address, secret)).toBe(true);
  await page.reload();
  await expect(row).toContainText(/Last used .* for IMAP from 127\.0\.0\.1/);

  await admin.goto(path);
  await admin.getByRole('link', { name: address }).click();
  await admin.getByRole('button', { name: 'Revoke' }).click();
  await admin.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(admin.getByText('Revoked', { exact: true })).toBeVisible();
  await expectAccessible(admin);
  expect(await canSignIn(ports.imaps, address, secret)).toBe(false);
  await page.reload();
  await expect(row).toContainText(/Last refused .* used from 127\.0\.0\.1 after it was revoked/);
});
