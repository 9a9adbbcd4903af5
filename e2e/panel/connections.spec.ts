import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { certificateFor } from '../../server/testing/certificates.ts';
import { expectAccessible } from '../expect-accessible.ts';
import { expect, test } from '../fixtures.ts';
import { addDomain, uniqueName, writeFromElsewhere } from './steps.ts';

/** Names of the certificate a mail program is shown when it asks for `servername`. */
async function shownTo(port: number, servername: string): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const socket = connectTls({ host: '127.0.0.1', port, servername, rejectUnauthorized: false }, () => {
    resolve(socket.getPeerX509Certificate()?.subjectAltName);
    socket.destroy();
  });
  socket.on('error', reject);
  return await promise;
}

test('an admin sees who is connected, without touching the page', async ({ admin, ports }) => {
  await admin.goto('/panel/connections');
  const row = admin.getByRole('listitem').filter({ has: admin.getByRole('heading', { name: 'POP3' }) });
  await expect(row).toContainText('0 / 200');
  const sockets = [1, 2, 3].map(() => connectTcp({ host: '127.0.0.1', port: ports.pop3 }));
  await expect(row).toContainText('3 / 200', { timeout: 30_000 });
  await expect(row).toContainText('127.0.0.1 (3)');
  await expectAccessible(admin);
  for (const socket of sockets) socket.destroy();
  await expect(row).toContainText('0 / 200', { timeout: 30_000 });
});

test('a domain gets a certificate of its own, and mail programs see it', async ({ admin, ports }) => {
  const name = `${uniqueName('tls')}.example`;
  const domain = await addDomain(admin, name);
  await admin.getByRole('link', { name: 'Certificates' }).last().click();
  await expect(admin.getByText('No certificates yet')).toBeVisible();
  await admin.getByRole('button', { name: 'Add a certificate' }).first().click();
  const dialog = admin.getByRole('dialog', { name: 'Add a certificate' });
  const [chain, key] = [
    dialog.getByLabel('Certificate and its chain', { exact: true }),
    dialog.getByLabel('Private key', { exact: true }),
  ];
  await chain.fill(certificateFor(['mail.elsewhere.example']).chain);
  await key.fill(certificateFor(['mail.elsewhere.example']).key);
  await dialog.getByRole('button', { name: 'Add certificate' }).click();
  await expect(dialog.getByText(`for nothing in ${name}`)).toBeVisible();
  await expectAccessible(admin);

  const own = certificateFor([`mail.${name}`], { days: 10 });
  await chain.fill(own.chain);
  await key.fill(own.key);
  await dialog.getByRole('button', { name: 'Add certificate' }).click();
  await expect(dialog).toBeHidden();
  const row = admin.getByRole('row').filter({ hasText: `mail.${name}` });
  await expect(row).toContainText('Renew soon');
  await expectAccessible(admin);
  await expect.poll(() => shownTo(ports.imaps, `mail.${name}`)).toBe(`DNS:mail.${name}`);
  await admin.goto('/panel/certificates');
  await expect(row).toContainText(name);

  await admin.goto(`${domain}/certificates`);
  await row.getByRole('button', { name: `mail.${name}` }).click();
  await admin.getByRole('menuitem', { name: 'Delete certificate' }).click();
  await admin.getByRole('button', { name: 'Delete certificate' }).click();
  await expect(row).toHaveCount(0);
  await expect.poll(() => shownTo(ports.imaps, `mail.${name}`)).not.toBe(`DNS:mail.${name}`);
});

test('settings that are choices and lists are changed, refused in words, and put back', async ({ admin }) => {
  await admin.goto('/panel/settings');
  await admin.getByRole('combobox', { name: 'When a service is full' }).click();
  await admin.getByRole('option', { name: 'Clients are told to come later' }).click();
  await expect(admin.getByText('When a service is full: Clients are told to come later.')).toBeVisible();
  await admin.getByRole('button', { name: 'Undo' }).click();
  await expect(admin.getByRole('combobox', { name: 'When a service is full' })).toContainText(
    'Clients wait their turn',
  );

  const proxies = admin.getByRole('listitem').filter({ hasText: 'PROXY protocol from' });
  const networks = proxies.getByRole('textbox');
  await networks.fill('192.0.2.0/24\nbalancer.example');
  await proxies.getByRole('button', { name: 'Save' }).click();
  await expect(proxies.getByText('“balancer.example” is not an address or network')).toBeVisible();
  await networks.fill('127.0.0.0/8');
  await proxies.getByRole('button', { name: 'Save' }).click();
  await expect(proxies.getByText('Webmail of this machine comes from 127.0.0.1')).toBeVisible();
  await networks.fill('192.0.2.0/24\n\n2001:DB8::/32');
  await proxies.getByRole('button', { name: 'Save' }).click();
  await expect(networks).toHaveValue('192.0.2.0/24\n2001:db8::/32');
  await expectAccessible(admin);
  await proxies.getByRole('button', { name: 'Default for PROXY protocol from' }).click();
  await expect(networks).toHaveValue('');
});

test('a postmaster is named, gets what a domain without one is written, and is taken back', async ({
  admin,
  ports,
  elsewhere,
}) => {
  const domain = `${uniqueName('nobody')}.example`;
  await addDomain(admin, domain);
  await admin.goto('/panel/settings');
  const postmaster = admin.getByRole('textbox', { name: 'Postmaster' });
  const setting = admin.getByRole('listitem').filter({ has: postmaster });
  await postmaster.fill('ann');
  await postmaster.press('Enter');
  await expect(setting.getByText('“ann” is not an email address. Enter one like name@example.com.')).toBeVisible();
  await expect(postmaster).toBeFocused();
  await expectAccessible(admin);
  await setting.getByRole('button', { name: 'Discard' }).click();
  await expect(postmaster).toHaveValue('');
  await expect(setting.getByText('is not an email address')).toBeHidden();

  await postmaster.fill('Ann@Elsewhere.example');
  await setting.getByRole('button', { name: 'Save' }).click();
  await expect(admin.getByText('Postmaster: ann@elsewhere.example.')).toBeVisible();
  await expect(postmaster).toHaveValue('ann@elsewhere.example');
  await expect(setting).toContainText('Changed by');
  const write = () =>
    writeFromElsewhere(ports.smtp, `postmaster@${domain}`, 'Is anybody there?').then(() => 'taken', String);
  await expect.poll(write).toBe('taken');
  await expect
    .poll(() => elsewhere.messages.flatMap(({ rcpts }) => rcpts), { timeout: 45_000 })
    .toContain('RCPT TO:<ann@elsewhere.example>');

  await admin.getByRole('button', { name: 'Undo' }).click();
  await expect(admin.getByText('Undone.')).toBeVisible();
  await expect(postmaster).toHaveValue('');
});
