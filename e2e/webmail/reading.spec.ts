import { expect, test } from './webmail-fixtures.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test('HTML mail is shown with remote images blocked, and no script of it runs', async ({ owner, deliver }) => {
  const requested: string[] = [];
  owner.page.on('request', (request) => requested.push(request.url()));
  await deliver({
    to: owner.address,
    subject: 'Autumn offers',
    html: `<h1>Autumn</h1><img src="cid:logo@x" alt="Our logo"><img src="https://tracker.example/open.gif" alt="A cabin">
      <script>parent.pwned = 1</script><img src=x onerror="parent.pwned = 1"><a href="https://shop.example/">Book</a>
      <form action="https://evil.example"><input name="password"></form>`,
    attachments: [{ filename: 'logo.png', content: PNG, cid: 'logo@x' }],
  });
  await owner.open('Autumn offers');
  const body = owner.message.frameLocator('iframe');
  await expect(body.getByRole('heading', { name: 'Autumn' })).toBeVisible();
  await expect(owner.message.getByText('1 remote image blocked')).toBeVisible();
  await expect(body.getByAltText('Our logo')).toHaveJSProperty('naturalWidth', 1);
  await expect(body.getByRole('link', { name: 'Book' })).toHaveAttribute('rel', 'noopener noreferrer nofollow');
  await expect(body.locator('input')).toHaveCount(0);
  expect(await owner.page.evaluate(() => 'pwned' in window)).toBe(false);
  expect(requested.filter((url) => url.includes('tracker.example'))).toEqual([]);

  await owner.page.route('https://tracker.example/**', (route) =>
    route.fulfill({ contentType: 'image/png', body: PNG }),
  );
  await owner.message.getByRole('button', { name: 'Show images' }).click();
  await expect(body.getByAltText('A cabin')).toHaveJSProperty('naturalWidth', 1);
});

test('the body and attachments are served so that a browser runs nothing of them', async ({ owner, deliver }) => {
  await deliver({
    to: owner.address,
    subject: 'Page attached',
    html: '<p>x</p>',
    attachments: [{ filename: 'page.html', content: '<script>alert(1)</script>' }],
  });
  await owner.open('Page attached');
  const frame = await owner.message.locator('iframe').getAttribute('src');
  const body = await owner.page.request.get(frame ?? '');
  expect(body.headers()['content-security-policy']).toMatch(/^sandbox (?!.*allow-scripts).*default-src 'none'/);
  const link = await owner.message.getByRole('link', { name: /page\.html/ }).getAttribute('href');
  const file = await owner.page.request.get(link ?? '');
  expect(file.headers()).toMatchObject({
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
  });
  expect(file.headers()['content-disposition']).toMatch(/^attachment; filename="page\.html"/);
});

test('right-to-left and non-Latin text stands as it was written', async ({ owner, deliver }) => {
  await deliver({
    to: owner.address,
    subject: 'פגישה ביום שלישי',
    from: 'דנה לוי <dana@elsewhere.example>',
    text: 'שלום',
  });
  await deliver({
    to: owner.address,
    subject: '来週の会議',
    from: '田中 美咲 <misaki@elsewhere.example>',
    text: 'おはようございます',
  });
  await expect(owner.row('来週の会議').getByText('おはようございます')).toBeVisible();
  await owner.open('פגישה ביום שלישי');
  const text = owner.message.frameLocator('iframe').getByText('שלום');
  await expect(text).toHaveCSS('direction', 'rtl');
});

test('a new message appears without a reload, and the title counts it', async ({ owner, deliver }) => {
  await expect(owner.list.getByText('No messages')).toBeVisible();
  await expect(owner.page).toHaveTitle('Inbox · Mailstead');
  await deliver({ to: owner.address, subject: 'Fresh from the quay' });
  await expect(owner.row('Fresh from the quay')).toBeVisible();
  await expect(owner.toast('Fresh from the quay')).toBeVisible();
  await expect(owner.page).toHaveTitle('(1) Inbox · Mailstead');
  await owner.toast('Fresh from the quay').getByRole('button', { name: 'Open' }).click();
  await expect(owner.message.getByRole('heading', { name: 'Fresh from the quay' })).toBeVisible();
  await expect(owner.page).toHaveTitle('Inbox · Mailstead');
});

test('search finds by sender, word and flag, and says when there is nothing', async ({ owner, deliver }) => {
  await deliver({ to: owner.address, subject: 'Crane on Tuesday', text: 'the yellow crane' });
  await deliver({ to: owner.address, subject: 'Lunch', from: 'Bo <bo@elsewhere.example>', text: 'fish soup' });
  await expect(owner.row('Lunch')).toBeVisible();
  const box = owner.page.getByRole('textbox', { name: 'Search this folder' });
  await box.fill('yellow');
  await box.press('Enter');
  await expect(owner.list.getByText('1 result')).toBeVisible();
  await expect(owner.row('Crane on Tuesday')).toBeVisible();
  await expect(owner.row('Lunch')).toBeHidden();
  await box.fill('from:bo is:unread');
  await box.press('Enter');
  await expect(owner.row('Lunch')).toBeVisible();
  await box.fill('from:nobody');
  await box.press('Enter');
  await expect(owner.list.getByText('No message matches')).toBeVisible();
  await owner.list.getByRole('button', { name: 'Show all messages' }).click();
  await expect(owner.row('Crane on Tuesday')).toBeVisible();
});
