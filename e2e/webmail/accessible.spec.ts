import { expect, type Owner, signIn, test } from './webmail-fixtures.ts';

async function fill(owner: Owner, deliver: (message: object) => Promise<void>): Promise<void> {
  await deliver({ to: owner.address, subject: 'Plain', text: 'words' });
  await deliver({
    to: owner.address,
    subject: 'Rich',
    html: '<p>words</p><img src="https://tracker.example/a.gif">',
    attachments: [{ filename: 'a.pdf', content: 'x' }],
  });
  await expect(owner.row('Rich')).toBeVisible();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('axe finds nothing on any screen of webmail', async ({ owner, deliver }) => {
      const { page } = owner;
      await expect(owner.list.getByText('No messages')).toBeVisible();
      await owner.expectAccessible();
      await fill(owner, deliver);
      await owner.open('Rich');
      await expect(owner.message.getByText('remote image blocked')).toBeVisible();
      await owner.message.getByRole('button', { name: /Details/ }).click();
      await owner.expectAccessible();
      await page.getByRole('checkbox', { name: 'Select: Plain' }).click();
      await owner.expectAccessible();
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
      await owner.expectAccessible();
      await page.keyboard.press('Escape');
      await page.keyboard.press('r');
      await expect(page.getByRole('dialog', { name: 'Reply' })).toBeVisible();
      await expect(page.getByRole('toolbar', { name: 'Formatting' })).toBeVisible();
      await owner.expectAccessible();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Account menu' }).click();
      await page.getByRole('menuitem', { name: 'Settings' }).click();
      await expect(page.getByRole('textbox', { name: 'Signature' })).toBeVisible();
      await owner.expectAccessible();
    });
  });
}

test('on a phone one pane is shown at a time, and everything can be reached', async ({
  browser,
  baseURL,
  createMailbox,
  deliver,
}) => {
  const context = await browser.newContext({
    baseURL: baseURL ?? '',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const owner = await signIn(await context.newPage(), await createMailbox(`phone-${Date.now()}`));
  const { page } = owner;
  await fill(owner, deliver);
  await owner.expectAccessible();
  await owner.row('Plain').getByText('Plain').click();
  await expect(owner.message.frameLocator('iframe').getByText('words')).toBeVisible();
  await expect(owner.list).toBeHidden();
  await owner.expectAccessible();
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await expect(owner.list).toBeVisible();
  await page.getByRole('button', { name: 'Folders' }).click();
  await owner.expectAccessible();
  await owner.folder('Sent').click();
  await expect(owner.list.getByText('Nothing sent yet')).toBeVisible();
  await page.getByRole('button', { name: 'Compose' }).click();
  await expect(page.getByRole('toolbar', { name: 'Formatting' })).toBeVisible();
  await owner.expectAccessible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await context.close();
});
