import type { Page } from '@playwright/test';
import { expect, type Owner, test } from './webmail-fixtures.ts';

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

async function startWriting(page: Page, address: string, subject: string) {
  await page.getByRole('button', { name: 'Compose' }).first().click();
  const parts = composer(page);
  await expect(parts.subject).toHaveValue('');
  await parts.to.fill(address);
  await parts.to.press('Enter');
  await parts.subject.fill(subject);
  await parts.text.pressSequentially(`Text of ${subject}`);
  return parts;
}

async function expectDraft(owner: Owner, subject: string): Promise<void> {
  await owner.folder('Drafts').click();
  await owner.row(subject).getByText(subject, { exact: true }).click();
  await expect(composer(owner.page).subject).toHaveValue(subject);
  await expect(composer(owner.page).text).toHaveText(`Text of ${subject}`);
}

/** Whether the browser would ask before the page is left. */
function asksBeforeLeaving(page: Page): Promise<boolean> {
  return page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
}

test('another message takes the place of what was typed a moment ago, which is in Drafts', async ({ owner }) => {
  const { page } = owner;
  const { subject } = await startWriting(page, 'bo@elsewhere.example', 'Before the next one');
  await page.getByRole('button', { name: 'Compose' }).first().click();
  await expect(subject).toHaveValue('');
  await expectDraft(owner, 'Before the next one');
});

test('what cannot be saved stays in its window, and the page is not left unasked', async ({ owner }) => {
  const { page } = owner;
  await page.route('**/api/webmail/drafts', (route) => route.abort());
  const { window, subject, text } = await startWriting(page, 'bo@elsewhere.example', 'No way out');
  expect(await asksBeforeLeaving(page)).toBe(true);
  await page.getByRole('button', { name: 'Compose' }).first().click();
  const refusal = owner.toast('The message you are writing stays open');
  await expect(refusal).toContainText('It could not be saved: No connection.');
  await expect(text).toHaveText('Text of No way out');
  await expect(refusal).toHaveCount(0);
  await subject.press('Escape');
  await expect(refusal).toBeVisible();
  await expect(subject).toHaveValue('No way out');
  await page.unroute('**/api/webmail/drafts');
  await window.getByRole('button', { name: 'Save and close' }).click();
  await expect(window).toBeHidden();
  expect(await asksBeforeLeaving(page)).toBe(false);
  await expectDraft(owner, 'No way out');
});

test('a message taken back leaves the one that was begun meanwhile in Drafts', async ({ owner }) => {
  const { page } = owner;
  const headers = { Origin: new URL(page.url()).origin };
  await page.request.patch('/api/webmail/preferences', { headers, data: { undoSendSeconds: 20 } });
  await page.reload();
  await owner.expectReady();
  const { send, subject } = await startWriting(page, owner.address, 'Too early');
  await send.click();
  await startWriting(page, 'bo@elsewhere.example', 'Begun meanwhile');
  await owner.toast('Sending').getByRole('button', { name: 'Undo' }).click();
  await expect(subject).toHaveValue('Too early');
  await expectDraft(owner, 'Begun meanwhile');
  await expectDraft(owner, 'Too early');
});

test('a message that could not be sent does not take the place of the one being written', async ({ owner }) => {
  const { page } = owner;
  const error = { code: 'unavailable', message: 'The message could not be sent just now.', fields: {} };
  const begun = Promise.withResolvers<void>();
  await page.route('**/api/webmail/send', async (route) => {
    await begun.promise;
    await route.fulfill({ status: 503, json: { error } });
  });
  const { send, subject, text } = await startWriting(page, owner.address, 'Refused');
  await send.click();
  await startWriting(page, 'bo@elsewhere.example', 'Goes on');
  begun.resolve();
  const offer = owner.toast('The message was not sent');
  await expect(offer).toContainText('It is kept in Drafts.');
  await expect(text).toHaveText('Text of Goes on');
  await offer.getByRole('button', { name: 'Open it' }).click();
  await expect(subject).toHaveValue('Refused');
  await expectDraft(owner, 'Goes on');
});

test('a message whose answer was lost is not sent twice', async ({ owner }) => {
  const { page } = owner;
  await page.route('**/api/webmail/send', async (route) => {
    await route.fetch();
    await route.abort();
  });
  const { window, send } = await startWriting(page, owner.address, 'Only once');
  await send.click();
  await expect(owner.toast('The message may have been sent')).toBeVisible();
  await expect(window).toBeVisible();
  await page.unroute('**/api/webmail/send');
  await send.click();
  await expect(owner.toast('Message sent')).toBeVisible();
  await expect(owner.row('Only once')).toHaveCount(1);
  await owner.folder('Sent').click();
  await expect(owner.row('Only once')).toHaveCount(1);
});
