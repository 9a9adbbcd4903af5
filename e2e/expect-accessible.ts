/** Axe's rules on all that is on screen. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What fades in or out has other colours meanwhile. */
async function waitForStillness(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.getAnimations().every((animation) => animation.effect?.getComputedTiming().endTime === Infinity),
  );
}

/** `except`: what is left out, as a CSS selector. */
export async function expectAccessible(page: Page, except?: string): Promise<void> {
  await waitForStillness(page);
  const axe = new AxeBuilder({ page });
  const { violations } = await (except === undefined ? axe : axe.exclude(except)).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target.join(' ')) }))).toEqual([]);
}
