import { createTransport } from 'nodemailer';
import { expect, test } from './fixtures.ts';
import { addDomain, addMailbox, signIn, uniqueName } from './panel/steps.ts';

const ATTACHMENT = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));

test('a message comes in from the world, is seen live, and its answer with an attachment goes out intact', async ({
  admin,
  browser,
  baseURL,
  ports,
  elsewhere,
}) => {
  // The admin hosts a domain and gives a mailbox in it.
  const name = `${uniqueName('roundtrip')}.example`;
  const password = await addMailbox(admin, await addDomain(admin, name), 'olga');

  // The owner signs in to webmail with the mailbox's address.
  const owner = await browser.newPage({ baseURL: baseURL ?? '' });
  await signIn(owner, `olga@${name}`, password);
  await owner.waitForURL('**/webmail**');
  const list = owner.getByRole('region', { name: 'Messages' });
  await expect(list.getByText('New mail appears here by itself.')).toBeVisible();

  // The world delivers; the page shows it without a reload.
  const world = createTransport({ host: '127.0.0.1', port: ports.smtp, secure: false, ignoreTLS: true });
  await world.sendMail({
    from: 'Erik <erik@elsewhere.example>',
    to: `olga@${name}`,
    subject: 'Are the plans ready?',
    text: 'Could you send me the plans?',
  });
  await list.getByText('Are the plans ready?').click();
  const message = owner.getByRole('article', { name: 'Message' });
  await expect(message.frameLocator('iframe').getByText('Could you send me the plans?')).toBeVisible();

  // She answers with an attachment.
  await message.getByRole('button', { name: 'Reply', exact: true }).first().click();
  await owner.getByRole('textbox', { name: 'Message text' }).pressSequentially('Here they are.');
  await owner
    .getByTestId('attach')
    .setInputFiles({ name: 'plans.bin', mimeType: 'application/octet-stream', buffer: ATTACHMENT });
  await expect(owner.getByRole('button', { name: 'Remove plans.bin' })).toBeVisible();
  await owner.getByRole('button', { name: 'Send', exact: true }).click();

  // The second mail exchanger has it, byte for byte.
  await expect.poll(() => elsewhere.messages.length, { timeout: 45_000 }).toBe(1);
  const [received] = elsewhere.messages;
  expect(received?.rcpts.join()).toContain('erik@elsewhere.example');
  const text = received?.bytes.toString('latin1') ?? '';
  expect(text).toContain('Here they are.');
  expect(text.replaceAll('\r\n', '')).toContain(ATTACHMENT.toString('base64'));
  expect(text).toMatch(/^In-Reply-To: </m);
  await owner.close();
});
