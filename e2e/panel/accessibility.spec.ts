import type { Page } from '@playwright/test';
import { expectAccessible } from '../expect-accessible.ts';
import { expect, test } from '../fixtures.ts';
import { addDomain, addDomainWithHeldForward, addMailbox, uniqueName } from './steps.ts';

const SCREENS = [
  '/panel',
  '/panel/domains',
  '/panel/domains?new=1',
  '/panel/mailboxes',
  '/panel/mailboxes?new=1',
  '/panel/people',
  '/panel/people?new=1',
  '/panel/queue',
  '/panel/held',
  '/panel/deleted',
  '/panel/audit',
  '/panel/connections',
  '/panel/certificates',
  '/panel/certificates?new=1',
  '/panel/settings',
  '/panel/account',
  '/panel/domains/999999',
] as const;

/** For a test that looks at every screen. */
const SCREENS_TIMEOUT_MS = 300_000;

async function openScreen(page: Page, path: string): Promise<void> {
  await page.goto(path);
  // Not what stands there while the page loads: that has no heading.
  await expect(
    path.includes('?new=') ? page.getByRole('dialog') : page.getByRole('heading', { level: 1 }),
  ).toBeVisible();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds no violation on any panel screen, ${colorScheme}`, async ({ admin, ports }) => {
    test.setTimeout(SCREENS_TIMEOUT_MS);
    await admin.emulateMedia({ colorScheme });
    const domain = await addDomain(admin, `${uniqueName('axe')}.example`);
    await addMailbox(admin, domain, 'ada');
    const forwarding = await addDomainWithHeldForward(admin, ports.smtp);
    for (const path of [
      ...SCREENS,
      domain,
      `${domain}/addresses`,
      ...['alias', 'forward', 'responder'].map((kind) => `${domain}/addresses?new=${kind}`),
      `${domain}/settings`,
      forwarding.held,
      `${forwarding.domain}/settings`,
    ]) {
      await openScreen(admin, path);
      await expectAccessible(admin);
    }
  });
}

test('axe finds no violation on the pages before sign-in', async ({ page }) => {
  for (const path of ['/sign-in', '/welcome?token=none', '/no-such-page']) {
    await page.goto(path);
    await expect(page.getByRole('main')).toBeVisible();
    await expectAccessible(page);
  }
});

test('nothing is wider than a phone', async ({ admin, ports }) => {
  test.setTimeout(SCREENS_TIMEOUT_MS);
  const forwarding = await addDomainWithHeldForward(admin, ports.smtp);
  await admin.setViewportSize({ width: 390, height: 844 });
  for (const path of [...SCREENS, forwarding.held, `${forwarding.domain}/settings`]) {
    await openScreen(admin, path);
    expect(
      await admin.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
      path,
    ).toBeLessThanOrEqual(0);
  }
});
