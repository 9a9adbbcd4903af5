import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { addDomain, addForward, addMailbox, openAddressDialog, uniqueName, writeFromElsewhere } from './steps.ts';

async function addResponder(page: Page, path: string, localPart: string): Promise<void> {
  const dialog = await openAddressDialog(page, path, 'Responder');
  await dialog.getByLabel('Name before the @').fill(localPart);
  await dialog.getByLabel('Subject of the answer').fill('We have it');
  await dialog.getByLabel('Answer', { exact: true }).fill('Thank you for writing.');
  await dialog.getByRole('button', { name: 'Add responder' }).click();
  await expect(dialog).toBeHidden();
}

test('mail to a forward is sent on, and a wrong address is named at its field', async ({ admin, ports, elsewhere }) => {
  const name = `${uniqueName('onward')}.example`;
  const path = await addDomain(admin, name);
  const dialog = await openAddressDialog(admin, path, 'Forward');
  await dialog.getByLabel('Name before the @').fill('sales');
  await dialog.getByLabel('Forward to').fill('zoe@elsewhere.example\nnot an address');
  await dialog.getByRole('button', { name: 'Add forward' }).click();
  await expect(dialog.getByText('“not an address” is not an email address')).toBeVisible();
  await dialog.getByLabel('Forward to').fill('zoe@elsewhere.example');
  await dialog.getByRole('button', { name: 'Add forward' }).click();
  await expect(dialog).toBeHidden();

  await writeFromElsewhere(ports.smtp, `sales@${name}`, 'An order');
  await expect.poll(() => elsewhere.messages.length, { timeout: 45_000 }).toBe(1);
  const [sent] = elsewhere.messages;
  expect(sent?.mail).toContain('<erik@elsewhere.example>');
  expect(sent?.rcpts.join()).toContain('zoe@elsewhere.example');
  expect(sent?.bytes.toString()).toContain('Subject: An order');
});

test('a dialog is used by keyboard, closes at the first click, and hands the focus back', async ({ admin }) => {
  const path = await addDomain(admin, `${uniqueName('keys')}.example`);
  await addMailbox(admin, path, 'ada');
  await admin.goto(`${path}/addresses`);
  const opener = admin.getByRole('button', { name: 'Add address' }).first();
  await opener.press('Enter');
  await admin.getByRole('menuitem', { name: 'Alias' }).press('Enter');
  const dialog = admin.getByRole('dialog');
  const name = dialog.getByLabel('Name before the @');
  await expect(name).toBeFocused();
  await name.press('Enter');
  await expect(dialog.getByText('Enter the name before the @.')).toBeVisible();
  await expect(dialog.getByText('Choose at least one mailbox.')).toBeVisible();
  await name.fill('office');
  await name.press('Enter');
  await expect(dialog.getByRole('checkbox').first()).toBeFocused();
  await admin.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();

  // The empty field is left by the click itself.
  await openAddressDialog(admin, path, 'Alias');
  await expect(name).toBeFocused();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
});

test('a responder answers who writes to it', async ({ admin, ports, elsewhere }) => {
  const name = `${uniqueName('robot')}.example`;
  const path = await addDomain(admin, name);
  await addResponder(admin, path, 'info');
  await writeFromElsewhere(ports.smtp, `info@${name}`, 'A question');
  await expect.poll(() => elsewhere.messages.length, { timeout: 45_000 }).toBe(1);
  const text = elsewhere.messages[0]?.bytes.toString() ?? '';
  expect(text).toContain('Subject: We have it');
  expect(text).toContain('Auto-Submitted: auto-replied');
  expect(text).toContain('Thank you for writing.');
});

test('addresses of every kind are found by kind, deleted together, and come back by undo', async ({ admin }) => {
  const name = `${uniqueName('kinds')}.example`;
  const path = await addDomain(admin, name);
  await addMailbox(admin, path, 'ada');
  await addForward(admin, path, 'away', 'zoe@elsewhere.example');
  await addResponder(admin, path, 'robot');
  const alias = await openAddressDialog(admin, path, 'Alias');
  await alias.getByLabel('Name before the @').fill('office');
  await alias.getByLabel(`ada@${name}`).click();
  await alias.getByRole('button', { name: 'Add alias' }).click();
  await expect(alias).toBeHidden();

  const cell = (localPart: string) => admin.getByRole('cell', { name: `${localPart}@${name}`, exact: true });
  await admin.getByRole('combobox', { name: 'Kind' }).click();
  await admin.getByRole('option', { name: 'Forward' }).click();
  await expect(cell('robot')).toBeHidden();
  await expect(cell('away')).toBeVisible();
  await admin.goto(`${path}/addresses`);
  await admin.getByRole('checkbox', { name: 'Select all on this page' }).click();
  await admin.getByRole('region', { name: 'Selected rows' }).getByRole('button', { name: 'Delete' }).click();
  await expect(admin.getByText('No addresses yet')).toBeVisible();
  await admin.getByRole('button', { name: 'Undo' }).click();
  for (const localPart of ['away', 'robot', 'office', 'postmaster', 'abuse'])
    await expect(cell(localPart)).toBeVisible();
  await expect(admin.getByText('“We have it”')).toBeVisible();
});

test('a catch-all takes mail for names that do not exist, until it is taken away', async ({ admin, ports }) => {
  const name = `${uniqueName('catch')}.example`;
  const path = await addDomain(admin, name);
  await addMailbox(admin, path, 'ada');
  const choose = async (option: string): Promise<void> => {
    await admin.goto(`${path}/settings`);
    await admin.getByLabel('Mail for addresses that do not exist').click();
    await admin.getByRole('option', { name: option }).click();
    await admin
      .locator('form', { hasText: 'addresses that do not exist' })
      .getByRole('button', { name: 'Save' })
      .click();
    await expect(admin.getByText('Saved.')).toBeVisible();
  };
  await expect(writeFromElsewhere(ports.smtp, `whoever@${name}`, 'x')).rejects.toThrow(
    'sorry, no mailbox here by that name',
  );
  await choose(`Goes to ada@${name}`);
  await expect
    .poll(() => writeFromElsewhere(ports.smtp, `whoever@${name}`, 'x').then(() => 'taken', String))
    .toBe('taken');
  await choose('Is refused, and its sender knows');
  await expect(writeFromElsewhere(ports.smtp, `whoever-else@${name}`, 'x')).rejects.toThrow(
    'sorry, no mailbox here by that name',
  );
});
