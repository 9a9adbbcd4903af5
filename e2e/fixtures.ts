/** What every browser test starts from: the running Mailstead, a signed-in admin, and the protocols' ports. */
import { test as base, type Page } from '@playwright/test';
import { startDnsServer, type TestDnsServer } from '../mail-engine/testing/dns-server.ts';
import { type ScriptedMx, startScriptedMx } from '../mail-engine/testing/scripted-mx.ts';

type Service = 'smtp' | 'submission' | 'submissions' | 'imap' | 'imaps' | 'pop3' | 'pop3s';

interface Fixtures {
  /** A page of the admin, in a browser context of its own. */
  admin: Page;
  ports: Record<Service, number>;
  /** A second mail exchanger, to which all mail for `elsewhere.example` goes. */
  elsewhere: ScriptedMx;
}

interface WorkerFixtures {
  resolver: TestDnsServer;
}

function requireEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run through playwright.config.ts, whose global set-up starts Mailstead`);
  return value;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  baseURL: async ({}, use) => use(requireEnvironment('E2E_URL')),
  ports: async ({}, use) => use(JSON.parse(requireEnvironment('E2E_PORTS'))),
  admin: async ({ browser, baseURL }, use) => {
    const context = await browser.newContext({
      storageState: requireEnvironment('E2E_ADMIN_STATE'),
      ...(baseURL !== undefined && { baseURL }),
    });
    await use(await context.newPage());
    await context.close();
  },
  resolver: [
    async ({}, use) => {
      const zone = {
        'elsewhere.example': { MX: [[10, 'mx.elsewhere.example'] as const] },
        'mx.elsewhere.example': { A: ['127.0.0.1'] },
      };
      const server = await startDnsServer(zone, Number(requireEnvironment('E2E_DNS_PORT')));
      await use(server);
      await server.close();
    },
    { scope: 'worker', auto: true },
  ],
  elsewhere: async ({}, use) => {
    const mx = await startScriptedMx({ port: Number(requireEnvironment('E2E_MX_PORT')) });
    await use(mx);
    await mx.close();
  },
});

export { expect } from '@playwright/test';
