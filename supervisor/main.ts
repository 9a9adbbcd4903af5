/**
 * `npm start`: secrets, database, migrations, engine, web, in that order; stopped in the reverse one. Under systemd or in
 * containers each part runs as its own unit instead (docs/production.md).
 */
import { join } from 'node:path';
import { ENGINE_ENVIRONMENT, ENGINE_NODE_FLAGS } from '#engine/process/launch.ts';
import { migrate } from '#prisma/migrate.ts';
import type { Config } from '#server/config.ts';
import { type SupervisedChild, superviseChild } from './child.ts';
import { type RunningDatabase, startEmbeddedDatabase } from './database.ts';
import { type DemoLogins, fillDemo } from './demo/fill.ts';
import { prepareFirstAdmin } from './first-admin.ts';
import { say, secondsSinceStart, step } from './progress.ts';
import { readReachableConfig } from './reachable-config.ts';
import { announceRunning, claimFolder, releaseFolder } from './run-file.ts';
import { ensureSecrets, type Secrets } from './secrets.ts';
import { canReach, ensureSystemUser, type SystemUser } from './system-user.ts';
import { giveUploadFolder } from './upload-folder.ts';

const ROOT = join(import.meta.dirname, '..');

interface Running {
  database: RunningDatabase;
  engine: SupervisedChild;
  web: SupervisedChild;
}

function childEnvironment(config: Config, secrets: Secrets, databaseUrl: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    MAILSTEAD_SECRET: config.secret ?? secrets.secret,
    MAILSTEAD_VAR: config.varDir,
    LOG_FORMAT: process.env.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
  };
}

async function startDatabase(
  config: Config,
  secrets: Secrets,
  runAs: SystemUser | undefined,
): Promise<RunningDatabase> {
  if (config.databaseUrl) return { url: config.databaseUrl, stop: async () => undefined };
  return step('PostgreSQL is up', () =>
    startEmbeddedDatabase({ varDir: config.varDir, password: secrets.postgresPassword, runAs }),
  );
}

async function warnIfUnreachable(runAs: SystemUser | undefined): Promise<SystemUser | undefined> {
  if (!runAs || (await canReach(runAs, ROOT))) return runAs;
  say(`  Warning: the user ${runAs.name} cannot enter this folder, so the web runs as root.`);
  say('           Put Mailstead where others may read it (/opt/mailstead) before you use it in production.');
  return undefined;
}

async function startChildren(config: Config, env: NodeJS.ProcessEnv, runAs: SystemUser | undefined) {
  const engine = superviseChild({
    name: 'Mail engine',
    script: join(ROOT, 'mail-engine/main.ts'),
    env: { ...ENGINE_ENVIRONMENT, ...env },
    nodeFlags: ENGINE_NODE_FLAGS,
  });
  const { ports = {} } = await step('Mail engine is up', () => engine.ready).catch(async (error) => {
    await engine.stop();
    throw error;
  });
  const webUser = await warnIfUnreachable(runAs);
  if (webUser) await giveUploadFolder(config.varDir, webUser);
  const webEnv = {
    ...env,
    MAILSTEAD_WEBMAIL_IMAP: config.webmail.imap ?? `localhost:${ports.imap}`,
    MAILSTEAD_WEBMAIL_SUBMISSION: config.webmail.submission ?? `localhost:${ports.submission}`,
  };
  const web = superviseChild({
    name: 'Web',
    script: join(ROOT, 'supervisor/web.ts'),
    env: webEnv,
    ...(webUser && { uid: webUser.uid, gid: webUser.gid }),
  });
  await step('Panel and webmail are up', () => web.ready).catch(async (error) => {
    await Promise.all([web.stop(), engine.stop()]);
    throw error;
  });
  return { engine, web, ports };
}

async function stopAll(running: Running): Promise<void> {
  await running.web.stop();
  await running.engine.stop();
  await running.database.stop();
}

/** Resolves when the person, or the system, wants it to end, or the terminal was closed. */
function waitForEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve());
  });
}

function announce(webUrl: string, ports: Record<string, number>, link: string | undefined): void {
  const services = Object.entries(ports)
    .filter(([service]) => service !== 'http')
    .map(([service, port]) => `${service} ${port}`);
  say(`\nMailstead is ready after ${secondsSinceStart()} s.\n`);
  say(`  Panel and webmail  ${webUrl}`);
  say(`  Mail               ${services.join(', ')}`);
  if (link) say(`\n  Set the first admin's password here (works once):\n  ${link}`);
  say('\nCtrl-C stops everything.\n');
}

function announceDemo({ admin, mailbox, password }: DemoLogins): void {
  say(`  Sign in as the admin ${admin} or as the mailbox owner ${mailbox};`);
  say(`  everybody in the demo has the password  ${password}\n`);
}

/** The demo keeps its own folder and, since its people share one password, to this machine. */
const DEMO_DEFAULTS = { MAILSTEAD_VAR: 'var/demo', MAILSTEAD_BIND: '127.0.0.1,::1' };

async function start(config: Config, demo: boolean): Promise<Running> {
  const secrets = await ensureSecrets(config.varDir);
  const runAs = config.databaseUrl && process.getuid?.() !== 0 ? undefined : await ensureSystemUser(config.runAsUser);
  const database = await startDatabase(config, secrets, runAs);
  try {
    await step('Database is up to date', () => migrate(database.url));
    const env = childEnvironment(config, secrets, database.url);
    const { engine, web, ports } = await startChildren(config, env, runAs);
    const webUrl = config.http.publicUrl;
    await announceRunning(config.varDir, { databaseUrl: database.url, webUrl, ports });
    const logins = demo && (await step('Demo data is in place', () => fillDemo(database.url, config.varDir)));
    announce(webUrl, ports, await prepareFirstAdmin(database.url, webUrl, config.hostname));
    if (logins) announceDemo(logins);
    return { database, engine, web };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function main(): Promise<void> {
  const demo = process.argv[2] === 'demo';
  if (demo) Object.assign(process.env, { ...DEMO_DEFAULTS, ...process.env });
  const config = await readReachableConfig();
  await claimFolder(config.varDir);
  say('Starting Mailstead');
  const running = await start(config, demo).catch(async (error) => {
    await releaseFolder(config.varDir);
    throw error;
  });
  await waitForEnd();
  say('\nStopping …');
  process.once('SIGINT', () => process.exit(130)); // a second Ctrl-C does not wait
  await stopAll(running);
  await releaseFolder(config.varDir);
  say('Stopped.');
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\nMailstead did not start. ${(error as Error).message}\n`);
  process.exit(1);
}
process.exit(0);
