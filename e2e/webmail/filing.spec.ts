import { expect, test } from './webmail-fixtures.ts';

test('a deleted message can be taken back', async ({ owner, deliver }) => {
  await deliver({ to: owner.address, subject: 'Keep me' });
  await owner.open('Keep me');
  await owner.message.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(owner.row('Keep me')).toBeHidden();
  await owner.toast('moved to Trash').getByRole('button', { name: 'Undo' }).click();
  await expect(owner.row('Keep me')).toBeVisible();
});

test('the keys go through the list, star, archive and take back', async ({ owner, deliver }) => {
  for (const subject of ['Third', 'Second', 'First']) await deliver({ to: owner.address, subject });
  await expect(owner.list.getByRole('listitem')).toHaveCount(3);
  const press = (key: string) => owner.page.keyboard.press(key);
  const heading = (name: string) => owner.message.getByRole('heading', { name });
  await press('j');
  await expect(heading('First')).toBeVisible();
  await press('j');
  await expect(heading('Second')).toBeVisible();
  await press('s');
  await expect(owner.message.getByRole('button', { name: 'Star' })).toHaveAttribute('aria-pressed', 'true');
  await press('e');
  await expect(heading('Third')).toBeVisible();
  await expect(owner.row('Second')).toBeHidden();
  await press('z');
  await expect(owner.row('Second')).toBeVisible();
  await press('k');
  await press('u');
  await expect(owner.page.getByText('No message open')).toBeVisible();
  await press('?');
  await expect(owner.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await press('Escape');
  await press('/');
  await expect(owner.page.getByRole('textbox', { name: 'Search this folder' })).toBeFocused();
});

test('several messages are selected and deleted at once', async ({ owner, deliver }) => {
  for (const subject of ['One', 'Two', 'Three']) await deliver({ to: owner.address, subject });
  for (const subject of ['One', 'Three']) {
    await owner.row(subject).hover();
    await owner.page.getByRole('checkbox', { name: `Select: ${subject}` }).click();
  }
  const bar = owner.page.getByRole('toolbar', { name: 'Selected messages' });
  await expect(bar.getByText('2 selected')).toBeVisible();
  await bar.getByRole('button', { name: 'Delete' }).click();
  await expect(owner.list.getByRole('listitem')).toHaveCount(1);
  await owner.folder('Trash').click();
  await expect(owner.row('One')).toBeVisible();
  await expect(owner.row('Three')).toBeVisible();
});

test('a folder is made, filled and emptied of its messages with itself', async ({ owner, deliver }) => {
  await deliver({ to: owner.address, subject: 'For the file' });
  await owner.page.getByRole('button', { name: 'New folder' }).click();
  await owner.page.getByLabel('Name', { exact: true }).fill('Häfen');
  await owner.page.getByRole('button', { name: 'Create' }).click();
  await expect(owner.folder('Häfen')).toBeVisible();
  await owner.open('For the file');
  await owner.message.getByRole('button', { name: 'Move to' }).click();
  await owner.page.getByRole('menuitem', { name: 'Häfen' }).click();
  await owner.folder('Häfen').click();
  await expect(owner.row('For the file')).toBeVisible();
  await owner.folder('Häfen').hover();
  await owner.page.getByRole('button', { name: 'Actions for Häfen' }).click();
  await owner.page.getByRole('menuitem', { name: 'Delete…' }).click();
  await owner.page.getByRole('button', { name: 'Delete folder' }).click();
  await expect(owner.folder('Häfen')).toBeHidden();
});

test('what another site asks for is refused', async ({ owner }) => {
  const mark = { folder: 'INBOX', uids: [1], mark: 'seen', on: true };
  const foreign = await owner.page.request.post('/api/webmail/mark', {
    data: mark,
    headers: { origin: 'https://evil.example' },
  });
  expect(foreign.status()).toBe(403);
  const broken = await owner.page.request.get('/api/webmail/messages?folder=INBOX&offset=-1');
  expect(broken.status()).toBe(422);
});

test('whoever is signed out gets nothing', async ({ owner, browser, baseURL }) => {
  const stranger = await browser.newContext({ baseURL: baseURL ?? '' });
  const answer = await stranger.request.get('/api/webmail/folders');
  expect(answer.status()).toBe(401);
  expect(await answer.text()).not.toContain(owner.address);
  await stranger.close();
});
