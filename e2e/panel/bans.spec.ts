import { expectAccessible } from '../expect-accessible.ts';
import { expect, test } from '../fixtures.ts';

test('an admin bans a network by hand, lifts the ban and takes that back', async ({ admin }) => {
  await admin.goto('/panel/bans');
  await expect(admin.getByRole('heading', { level: 1, name: 'Sign-in protection' })).toBeVisible();
  await expectAccessible(admin);
  await admin.getByRole('button', { name: 'Ban a network' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Ban a network' });
  await dialog.getByLabel('Address or network').fill('203.0.113.0/33');
  await dialog.getByRole('button', { name: 'Ban', exact: true }).click();
  await expect(dialog.getByText('is not an address or network')).toBeVisible();
  await dialog.getByLabel('Address or network').fill('127.0.0.0/8');
  await dialog.getByRole('button', { name: 'Ban', exact: true }).click();
  await expect(dialog.getByText('This is the host itself: webmail would be locked out.')).toBeVisible();
  await expectAccessible(admin);
  await dialog.getByLabel('Address or network').fill('203.0.113.77/24');
  await dialog.getByLabel('Reason').fill('Guesses all night');
  await dialog.getByRole('button', { name: 'Ban', exact: true }).click();

  const row = admin.getByRole('row').filter({ hasText: '203.0.113' });
  await expect(row).toContainText('Guesses all night');
  await expectAccessible(admin);
  await row.getByRole('button', { name: 'Lift' }).click();
  await expect(row).toHaveCount(0);
  await admin.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  await row.getByRole('button', { name: 'Lift' }).click();
  await expect(row).toHaveCount(0);
});

test('an admin keeps a list of networks that are never banned', async ({ admin }) => {
  await admin.goto('/panel/bans');
  await admin.getByRole('link', { name: 'Allow-list' }).click();
  await expect(admin.getByText('No network is allowed by name')).toBeVisible();
  await admin.getByRole('button', { name: 'Allow a network' }).first().click();
  const dialog = admin.getByRole('dialog', { name: 'Allow a network' });
  await dialog.getByLabel('Address or network').fill('2001:db8:77::/48');
  await dialog.getByLabel('Note').fill('Office');
  await expectAccessible(admin);
  await dialog.getByRole('button', { name: 'Allow', exact: true }).click();
  const row = admin.getByRole('row').filter({ hasText: '2001:db8:77::/48' });
  await expect(row).toContainText('Office');
  await expectAccessible(admin);
  await row.getByRole('button', { name: 'Remove' }).click();
  await expect(row).toHaveCount(0);
});
