import { connect } from 'node:net';
import { expectAccessible } from '../expect-accessible.ts';
import { expect, test } from '../fixtures.ts';
import { addDomain, addMailbox, uniqueName } from './steps.ts';

/** What a client at 127.0.0.2 hears first; empty where it hears nothing. */
function greetingOf(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    socket.once('data', (bytes) => {
      resolve(String(bytes));
      socket.destroy();
    });
    socket.once('close', () => resolve(''));
    socket.once('error', reject);
  });
}

test('an admin writes access rules, tries them out, and puts the old ones back', async ({ admin, ports }) => {
  await admin.goto('/panel/access');
  await expect(admin.getByRole('heading', { level: 1, name: 'Access rules' })).toBeVisible();
  await admin.getByRole('link', { name: 'POP3', exact: true }).click();
  const editor = admin.getByRole('textbox', { name: 'Rules for POP3, one a line' });
  await expect(editor).toHaveValue(/127\.0\.0\.1:allow/);
  await expectAccessible(admin);

  await editor.fill('# ours\n198.51.100.0/25:deny\n127.0.0.1:allow\n:permit');
  await expect(admin.getByText('After the colon comes “allow” or “deny”.')).toBeVisible();
  await expect(admin.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await expectAccessible(admin);
  await editor.fill('# ours\n198.51.100.0/25:deny\n127.0.0.1:allow\n:allow,SHOP="42"');
  await expect(admin.getByRole('button', { name: 'Save', exact: true })).toBeEnabled();

  await admin.getByLabel("Client's address").fill('198.51.100.7');
  await admin.getByRole('button', { name: 'Try it' }).click();
  await expect(admin.getByText('Denied')).toBeVisible();
  await expect(admin.getByText('Line 2 decides:')).toBeVisible();
  await admin.getByLabel("Client's address").fill('203.0.113.5');
  await admin.getByRole('button', { name: 'Try it' }).click();
  await expect(admin.getByText('Allowed')).toBeVisible();
  await expect(admin.getByText("Recorded in the trace of this client's messages.")).toBeVisible();
  await expectAccessible(admin);

  await admin.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(admin.getByText('Saved. New connections to POP3 follow these rules.')).toBeVisible();
  const file = admin.waitForEvent('download');
  await admin.getByRole('link', { name: 'tcp.pop3.cdb' }).click();
  expect((await file).suggestedFilename()).toBe('tcp.pop3.cdb');

  await expect.poll(() => greetingOf(ports.pop3)).toMatch(/^\+OK/);
  await editor.fill('127.0.0.2:deny\n:allow');
  await admin.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => greetingOf(ports.pop3)).toBe('');

  await admin.getByRole('link', { name: 'History' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Earlier rules for POP3' });
  await expectAccessible(admin);
  await dialog.getByRole('listitem').filter({ hasText: 'ship with Mailstead' }).getByRole('button').click();
  await expect(editor).toHaveValue(/Who may connect to POP3/);
  await expect.poll(() => greetingOf(ports.pop3)).toMatch(/^\+OK/);
});

test('rules that shut out webmail are saved only on purpose', async ({ admin }) => {
  await admin.goto('/panel/access');
  await admin.getByRole('link', { name: 'IMAP', exact: true }).click();
  const editor = admin.getByRole('textbox', { name: 'Rules for IMAP, one a line' });
  await editor.fill(':deny');
  await expect(admin.getByText('Webmail connects from 127.0.0.1, which this line denies.')).toBeVisible();
  await expect(admin.getByRole('button', { name: 'Save anyway' })).toBeVisible();
  await admin.getByRole('button', { name: 'Discard changes' }).click();
  await expect(editor).toHaveValue(/127\.0\.0\.1:allow/);
});

test('POP-before-SMTP is switched on for a domain, and a mailbox left out of it', async ({ admin }) => {
  const name = `${uniqueName('roaming')}.example`;
  const path = await addDomain(admin, name);
  await addMailbox(admin, path, 'ann');
  await admin.goto(`${path}/settings`);
  const toggle = admin.getByRole('switch', { name: 'Reading mail lets the same address send' });
  await expect(toggle).not.toBeChecked();
  await toggle.click();
  await expect(admin.getByText(`POP-before-SMTP is on for ${name}.`)).toBeVisible();
  await expect(admin.getByText('Nothing is open now.')).toBeVisible();
  await admin.goto(path);
  await admin.getByRole('link', { name: `ann@${name}` }).click();
  await admin.getByRole('switch', { name: 'Leave this mailbox out' }).click();
  await expect(admin.getByText(`ann@${name} is left out.`)).toBeVisible();
  await expectAccessible(admin);
  await admin.goto('/panel/access/openings');
  await expect(admin.getByText('Nothing is open')).toBeVisible();
  await expectAccessible(admin);
});
