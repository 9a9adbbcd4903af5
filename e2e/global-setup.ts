/**
 * Starts the whole for the browser tests as a person would: `supervisor/main.ts start` on a fresh folder, with free ports, a
 * resolver and an MX port of the tests' own. Sets the first admin's password through the printed link.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type FullConfig } from '@playwright/test';
import { findFreePort } from '../server/free-port.ts';
import { ADMIN } from './people.ts';

const ROOT = join(import.meta.dirname, '..');

/** Reads the supervisor's output until it prints the first admin's link; throws with what it said if it ends before. */
async function readLink(supervisor: ChildProcess): Promise<string> {
  if (!supervisor.stdout) throw new Error('no output to read');
  const said: string[] = [];
  for await (const line of createInterface({ input: supervisor.stdout })) {
    said.push(line);
    const link = /^\s+(http:\S+\/welcome\?token=\S+)$/.exec(line)?.[1];
    if (link) {
      supervisor.stdout.resume();
      return link;
    }
  }
  throw new Error(`Mailstead did not start:\n${said.join('\n')}`);
}

async function setAdminPassword(config: FullConfig, link: string, storageState: string): Promise<void> {
  const use = config.projects[0]?.use;
  const browser = await chromium.launch({ ...use?.launchOptions });
  const page = await browser.newPage();
  await page.goto(link);
  await page.getByLabel('Email', { exact: false }).fill(ADMIN.email);
  await page.getByLabel('Name', { exact: false }).fill(ADMIN.name);
  await page.getByLabel('New password', { exact: true }).fill(ADMIN.password);
  await page.getByLabel('Repeat password', { exact: false }).fill(ADMIN.password);
  await page.getByRole('button', { name: /set password/i }).click();
  await page.waitForURL('**/panel**');
  await page.context().storageState({ path: storageState });
  await browser.close();
}

export default async function globalSetup(config: FullConfig): Promise<() => Promise<void>> {
  const varDir = mkdtempSync(join(tmpdir(), 'mailstead-e2e-'));
  chmodSync(varDir, 0o755);
  const [http, dns, mx] = await Promise.all([findFreePort(), findFreePort(), findFreePort()]);
  const anyPort = Object.fromEntries(
    ['SMTP', 'SUBMISSION', 'SUBMISSIONS', 'IMAP', 'IMAPS', 'POP3', 'POP3S'].map((service) => [
      `MAILSTEAD_${service}_PORT`,
      '0',
    ]),
  );
  const env = {
    ...process.env,
    ...anyPort,
    NODE_ENV: 'production' as const,
    MAILSTEAD_VAR: varDir,
    MAILSTEAD_HOSTNAME: 'mail.harbour.example',
    MAILSTEAD_HTTP_PORT: String(http),
    MAILSTEAD_DNS_SERVERS: `127.0.0.1:${dns}`,
    MAILSTEAD_REMOTE_SMTP_PORT: String(mx),
  };
  const supervisor = spawn(process.execPath, [join(ROOT, 'supervisor/main.ts'), 'start'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(supervisor, 'exit');
  const stop = async (): Promise<void> => {
    supervisor.kill('SIGTERM');
    await exited;
    rmSync(varDir, { recursive: true, force: true });
  };
  try {
    const link = await readLink(supervisor);
    // The tests' MX is on loopback, where Mailstead otherwise refuses to deliver.
    execFileSync(process.execPath, [join(ROOT, 'supervisor/cli.ts'), 'set', 'queue.allowPrivateDestinations', 'true'], {
      env,
    });
    const { running } = JSON.parse(readFileSync(join(varDir, 'run.json'), 'utf8')) as {
      running: { webUrl: string; ports: Record<string, number> };
    };
    process.env.E2E_URL = running.webUrl;
    process.env.E2E_PORTS = JSON.stringify(running.ports);
    process.env.E2E_DNS_PORT = String(dns);
    process.env.E2E_MX_PORT = String(mx);
    process.env.E2E_ADMIN_STATE = join(varDir, 'admin-state.json');
    await setAdminPassword(config, link, process.env.E2E_ADMIN_STATE);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
