import { expect, test } from '../fixtures.ts';
import { acceptLink, addDomain, addDomainOwner, addMailbox, signIn, uniqueName } from './steps.ts';

const PASSWORD = 'lantern-quiet-42-anchor';

test('a wrong password is refused without saying which half was wrong', async ({ page }) => {
  await signIn(page, 'nobody@nowhere.example', 'not-the-password');
  await expect(page.getByText('That email address and password do not belong together.')).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in/);
});

test('the form says what is missing before anything is sent', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Enter your email address.')).toBeVisible();
  await expect(page.getByText('Enter your password.')).toBeVisible();
});

test('who is signed out is asked to sign in, and a mailbox owner then comes to webmail', async ({ page, admin }) => {
  const name = `${uniqueName('back')}.example`;
  const path = await addDomain(admin, name);
  const password = await addMailbox(admin, path, 'olga');
  await page.goto('/panel/settings');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await signIn(page, `olga@${name}`, password);
  await page.waitForURL('**/webmail**');
});

test('a forged session cookie is no session', async ({ page, context, baseURL }) => {
  await context.addCookies([
    { name: 'mailstead.session', value: 'eyJhbGciOiJkaXIifQ..forged.forged.forged', url: String(baseURL) },
  ]);
  await page.goto('/panel');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a new person chooses a password with their link, once', async ({ admin, browser, page }) => {
  const email = `${uniqueName('otto')}@people.example`;
  const link = await addDomainOwner(admin, 'Otto Owner', email);
  const otto = await acceptLink(browser, link, PASSWORD);
  await expect(otto.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
  await page.goto(link);
  await expect(page.getByText('This link no longer works')).toBeVisible();
  await otto.context().close();
});

test('signing out ends the session', async ({ admin, browser }) => {
  const email = `${uniqueName('petra')}@people.example`;
  const petra = await acceptLink(browser, await addDomainOwner(admin, 'Petra Person', email), PASSWORD);
  const cookies = await petra.context().cookies();
  await petra.getByRole('button', { name: 'Account' }).click();
  await petra.getByRole('menuitem', { name: 'Sign out' }).click();
  await petra.waitForURL('**/sign-in**');
  await petra.context().addCookies(cookies);
  await petra.goto('/panel');
  await expect(petra).toHaveURL(/\/sign-in/);
  await petra.context().close();
});
