import type { Page } from '@playwright/test';
import { expect, test } from './webmail-fixtures.ts';

function composer(page: Page) {
  const window = page.locator('section[role="dialog"]');
  return {
    window,
    to: window.getByRole('combobox', { name: 'To', exact: true }),
    subject: window.getByLabel('Subject'),
    text: window.getByRole('textbox', { name: 'Message text' }),
    send: window.getByRole('button', { name: 'Send', exact: true }),
    status: window.getByRole('status'),
  };
}

test('a message with rich text and an attachment is written and arrives', async ({ owner }) => {
  const { page } = owner;
  await page.getByRole('button', { name: 'Compose' }).first().click();
  const { window, to, subject, text, send } = composer(page);
  await to.fill(owner.address);
  await to.press('Enter');
  await subject.fill('To myself');
  await text.click();
  await window.getByRole('button', { name: 'Bold' }).click();
  await text.pressSequentially('Remember this');
  await page
    .getByTestId('attach')
    .setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('the plan') });
  await expect(window.getByRole('button', { name: 'Remove plan.txt' })).toBeVisible();
  await send.click();
  await expect(owner.toast('Message sent')).toBeVisible({ timeout: 20_000 });
  await owner.open('To myself');
  await expect(owner.message.frameLocator('iframe').locator('strong')).toHaveText('Remember this');
  const download = page.waitForEvent('download');
  await owner.message.getByRole('link', { name: /plan\.txt/ }).click();
  expect((await download).suggestedFilename()).toBe('plan.txt');
  await owner.folder('Sent').click();
  await expect(owner.row('To myself')).toBeVisible();
});

test('an answer quotes, keeps the thread, and marks what it answers', async ({ owner, deliver }) => {
  await deliver({ to: `${owner.address}, bo@elsewhere.example`, subject: 'Which berth?', text: 'Is it number four?' });
  await owner.open('Which berth?');
  await owner.page.keyboard.press('a');
  const { window, subject } = composer(owner.page);
  await expect(subject).toHaveValue('Re: Which berth?');
  await expect(window.getByText('Ana Petrović')).toBeVisible();
  await expect(window.getByText('bo@elsewhere.example')).toBeVisible();
  await window.getByRole('button', { name: 'Show the quoted message' }).click();
  await expect(window.frameLocator('iframe').getByText('Is it number four?')).toBeVisible();
  await owner.page.keyboard.press('Escape');
  await expect(window).toBeHidden();
});

test('what was being written is kept, and goes on where it was left', async ({ owner }) => {
  const { page } = owner;
  await page.keyboard.press('c');
  const { window, to, subject, text, status } = composer(page);
  await to.fill('bo@elsewhere.example');
  await to.press('Enter');
  await subject.fill('Half a thought');
  await text.pressSequentially('It began with');
  await expect(status).toHaveText('Saved in Drafts');
  await page.reload();
  await owner.folder('Drafts').click();
  await owner.row('Half a thought').getByText('Half a thought').click();
  await expect(window.getByText('bo@elsewhere.example')).toBeVisible();
  await expect(text).toHaveText('It began with');
  await window.getByRole('button', { name: 'Discard the draft' }).click();
  await expect(owner.list.getByText('No drafts')).toBeVisible();
});

test('sending can be taken back for a moment', async ({ owner }) => {
  const { page } = owner;
  await page.keyboard.press('c');
  const { window, to, subject, text } = composer(page);
  await to.fill(owner.address);
  await to.press('Enter');
  await subject.fill('Too soon');
  await text.click();
  await page.keyboard.press('Control+Enter');
  await owner.toast('Sending').getByRole('button', { name: 'Undo' }).click();
  await expect(window.getByLabel('Subject')).toHaveValue('Too soon');
  await window.getByRole('button', { name: 'Discard the draft' }).click();
  await expect(window).toBeHidden();
});

test('a signature and the way lists look are kept', async ({ owner }) => {
  const { page } = owner;
  await page.getByRole('button', { name: 'Account menu' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.getByLabel('Your name').fill('Olga Marin');
  await page.getByRole('textbox', { name: 'Signature' }).fill('Olga, harbour office');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(owner.toast('Settings saved')).toBeVisible();
  await page.reload();
  await owner.expectReady();
  await page.keyboard.press('c');
  await expect(composer(page).text).toContainText('Olga, harbour office');
});
