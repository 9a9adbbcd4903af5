import { createTransport } from 'nodemailer';
import { expectAccessible } from '../expect-accessible.ts';
import { expect, test } from '../fixtures.ts';
import {
  acceptLink,
  addDomain,
  addDomainOwner,
  addForward,
  addMailbox,
  limitSending,
  signIn,
  uniqueName,
  writeFromElsewhere,
} from './steps.ts';

function mailProgram(port: number, user: string, pass: string) {
  return createTransport({
    host: '127.0.0.1',
    port,
    secure: true,
    tls: { rejectUnauthorized: false },
    auth: { user, pass },
  });
}

test('a mailbox that sends too much is held, its owner is told, and one click lets the mail go', async ({
  admin,
  page,
  ports,
  elsewhere,
}) => {
  const domain = `${uniqueName('held')}.example`;
  const address = `ada@${domain}`;
  const path = await addDomain(admin, domain);
  const password = await addMailbox(admin, path, 'ada');

  await admin.goto('/panel/held');
  await expect(admin.getByRole('heading', { level: 1, name: 'Held mail' })).toBeVisible();
  await expectAccessible(admin);

  await admin.goto(path);
  await admin.getByRole('link', { name: address }).click();
  const limits = admin.getByRole('region', { name: 'Sending limits' });
  await limits.getByLabel('Messages per hour').fill('one');
  await limits.getByRole('button', { name: 'Save limits' }).click();
  await expect(limits.getByText('Enter a whole number')).toBeVisible();
  await limits.getByLabel('Messages per hour').fill('1');
  await limits.getByRole('button', { name: 'Save limits' }).click();
  await expect(admin.getByText('Saved.')).toBeVisible();
  const mailbox = admin.url();

  const program = mailProgram(ports.submissions, address, password);
  const send = (to: string) => program.sendMail({ from: address, to, subject: 'Between us', text: 'Hello.' });
  await send('first@elsewhere.example');
  await send('second@elsewhere.example, third@elsewhere.example');
  program.close();
  await expect
    .poll(() => elsewhere.messages.flatMap(({ rcpts }) => rcpts))
    .toEqual(['RCPT TO:<first@elsewhere.example>']);

  await admin.goto('/panel');
  // An admin sees everybody's: other tests' may be among it.
  const held = admin.getByRole('region', { name: 'Held mail' });
  await expect(held).toContainText(
    /^(Outgoing mail of ada@held-\S+ is held|Mail of \d+ mailboxes or domains is held)\./,
  );
  await expectAccessible(admin);
  await admin.goto(mailbox);
  await expect(admin.getByText('Outgoing mail of this mailbox is held: 1 message.')).toBeVisible();
  await admin.getByRole('link', { name: 'Look at it' }).click();
  await expect(admin.getByRole('cell', { name: 'second@elsewhere.example, third@elsewhere.example' })).toBeVisible();
  await expect(admin.getByText('Between us')).toHaveCount(0);
  await expectAccessible(admin);

  await signIn(page, address, password);
  await page.waitForURL('**/webmail**');
  await expect(page.getByText('Your outgoing mail is held').first()).toBeVisible();

  await admin.goto('/panel/held');
  const row = admin.getByRole('row').filter({ hasText: address });
  await expect(row).toContainText('messages per hour: 1');
  await expectAccessible(admin);
  await row.getByRole('button', { name: 'Release' }).click();
  await expect(admin.getByText(`${address}: 1 message released, and new mail is no longer held.`)).toBeVisible();
  await expect(row).toHaveCount(0);
  await expect.poll(() => elsewhere.messages.flatMap(({ rcpts }) => rcpts).length).toBe(3);
});

test('a domain that forwards too much is held, its owner sees it, and its host lets the mail go', async ({
  admin,
  browser,
  ports,
  elsewhere,
}) => {
  const domain = `${uniqueName('onward')}.example`;
  const email = `${uniqueName('olaf')}@people.example`;
  const link = await addDomainOwner(admin, 'Olaf Owner', email);
  const olaf = await acceptLink(browser, link, 'lantern-quiet-42-anchor');
  const path = await addDomain(admin, domain);
  await addForward(admin, path, 'sales', 'zoe@elsewhere.example');
  await limitSending(admin, `${path}/settings`, 'Messages per hour', '1');
  const settings = admin.getByRole('region', { name: 'Settings', exact: true });
  await settings.getByLabel('Owner').click();
  await admin.getByRole('option', { name: email }).click();
  await settings.getByRole('button', { name: 'Save' }).click();
  await expect(settings.getByRole('button', { name: 'Save' })).toBeDisabled();

  await olaf.goto('/panel/held');
  await expect(olaf.getByText('No mail is held')).toBeVisible();
  await writeFromElsewhere(ports.smtp, `sales@${domain}`, 'First order');
  await expect.poll(() => elsewhere.messages.length, { timeout: 45_000 }).toBe(1);
  await writeFromElsewhere(ports.smtp, `sales@${domain}`, 'Second order');
  const row = olaf.getByRole('row').filter({ hasText: `Forwards of ${domain}` });
  await expect(row).toContainText('messages per hour: 1', { timeout: 45_000 });
  await expect(row).toContainText('Ask your host to release it');

  await olaf.goto(`${path}/settings`);
  await expect(olaf.getByText('Mail that this domain forwards is held: 1 message.')).toBeVisible();
  await olaf.goto('/panel');
  await expect(olaf.getByText(`Mail that ${domain} forwards is held.`)).toBeVisible();
  await olaf.getByRole('link', { name: 'Look at it' }).click();
  await olaf.getByRole('link', { name: `Forwards of ${domain}` }).click();
  await expect(olaf.getByRole('heading', { level: 1, name: `Forwards of ${domain}` })).toBeVisible();
  await expect(olaf.getByRole('cell', { name: 'zoe@elsewhere.example' })).toBeVisible();
  await expect(olaf.getByText('Second order')).toHaveCount(0);
  await expect(olaf.getByRole('button', { name: 'Release' })).toHaveCount(0);
  await expectAccessible(olaf);

  await admin.goto(new URL(olaf.url()).pathname);
  await admin.getByRole('button', { name: 'Release' }).click();
  await expect(admin.getByText(`Forwards of ${domain}: 1 message released`)).toBeVisible();
  await expect(admin.getByRole('heading', { level: 1, name: 'Held mail' })).toBeVisible();
  await expect.poll(() => elsewhere.messages.at(-1)?.bytes.toString()).toContain('Subject: Second order');
  expect(elsewhere.messages).toHaveLength(2);
  await olaf.goto('/panel');
  await expect(olaf.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
  await expect(olaf.getByRole('region', { name: 'Held mail' })).toHaveCount(0);
  await olaf.context().close();
});

test('a mailbox sends as what it was granted, by mail program and webmail, and as nothing else', async ({
  admin,
  page,
  ports,
  elsewhere,
}) => {
  const domain = `${uniqueName('sendas')}.example`;
  const path = await addDomain(admin, domain);
  const password = await addMailbox(admin, path, 'ada');
  await admin.goto(path);
  await admin.getByRole('link', { name: `ada@${domain}` }).click();
  const program = mailProgram(ports.submissions, `ada@${domain}`, password);
  const send = () =>
    program.sendMail({ from: `sales@${domain}`, to: 'buyer@elsewhere.example', subject: 'Offer', text: 'Hello.' });
  await expect(send()).rejects.toThrow(/5\.7\.1/);

  const card = admin.getByRole('region', { name: 'Send as' });
  await card.getByLabel('May also send as').fill('sales@somebody-elses.example');
  await card.getByRole('button', { name: 'Grant' }).click();
  await expect(card.getByText('of other domains of the same owner')).toBeVisible();
  await card.getByLabel('May also send as').fill(`sales@${domain}`);
  await card.getByRole('button', { name: 'Grant' }).click();
  await expect(card.getByRole('listitem')).toContainText(`sales@${domain}`);
  await expectAccessible(admin);
  await expect
    .poll(() =>
      send().then(
        () => 'sent',
        (error: Error) => error.message,
      ),
    )
    .toBe('sent');
  await expect
    .poll(() => elsewhere.messages.map(({ mail }) => mail.replace(/ SIZE.*/, '')))
    .toEqual([`MAIL FROM:<sales@${domain}>`]);

  await signIn(page, `ada@${domain}`, password);
  await page.waitForURL('**/webmail**');
  await page.getByRole('button', { name: 'Compose' }).first().click();
  const letter = page.locator('section[role="dialog"]');
  await expect(letter.getByLabel('From')).toHaveValue(`ada@${domain}`);
  await letter.getByLabel('From').selectOption(`sales@${domain}`);
  await expectAccessible(page);
  await letter.getByRole('combobox', { name: 'To', exact: true }).fill('second@elsewhere.example');
  await letter.getByRole('combobox', { name: 'To', exact: true }).press('Enter');
  await letter.getByLabel('Subject').fill('Our offer');
  await letter.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('Message sent')).toBeVisible({ timeout: 20_000 });
  await expect
    .poll(() => elsewhere.messages.at(-1)?.bytes.toString())
    .toMatch(new RegExp(`^From: .*sales@${domain}`, 'm'));

  await card.getByRole('button', { name: 'Revoke' }).click();
  await expect(card.getByRole('listitem')).toHaveCount(0);
  await expect
    .poll(() =>
      send().then(
        () => 'sent',
        (error: Error) => error.message,
      ),
    )
    .toContain('5.7.1');
  program.close();
});
