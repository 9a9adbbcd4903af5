/** The real engine on a cluster of its own with production's durability, on loopback ports. */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { ENGINE_ENVIRONMENT, ENGINE_NODE_FLAGS } from '#engine/process/launch.ts';
import { startCluster } from '#prisma/embedded/cluster.ts';
import { EMBEDDED_SETTINGS } from '#prisma/embedded/settings.ts';
import { migrate } from '#prisma/migrate.ts';
import { findFreePort } from '#server/free-port.ts';
import { DOMAIN, mailboxName } from './load.ts';
import { beginStatementProfile, PROFILE_SETTINGS, writeStatementProfile } from './statement-profile.ts';
import type { Subject } from './subject.ts';

const NOBODY = { uid: 65534, gid: 65534 };

const CREATE_MAILBOXES = `WITH hosted AS (INSERT INTO domain (name) VALUES ($1) RETURNING id),
  made AS (INSERT INTO account (domain_id, local_part, address, password_hash)
    SELECT h.id, n.name, n.name || '@' || $1, 'none' FROM hosted h, unnest($2::text[]) AS n (name) RETURNING id, domain_id, local_part),
  addressed AS (INSERT INTO address (domain_id, local_part, kind) SELECT domain_id, local_part, 'account' FROM made
    RETURNING id, local_part)
  INSERT INTO address_target (address_id, account_id) SELECT a.id, m.id FROM addressed a JOIN made m USING (local_part)`;

async function createMailboxes(client: Client, mailboxes: number): Promise<void> {
  if ((await client.query('SELECT 1 FROM domain WHERE name = $1', [DOMAIN])).rowCount !== 0) return;
  const names = Array.from({ length: mailboxes }, (_, at) => mailboxName(at));
  await client.query(CREATE_MAILBOXES, [DOMAIN, names]);
  await client.query(
    'SELECT create_default_folders(a.id) FROM account a JOIN domain d ON d.id = a.domain_id WHERE d.name = $1',
    [DOMAIN],
  );
}

interface Ready {
  kind: 'ready' | 'failed';
  ports: Record<string, number>;
  reason: string;
}

async function startEngine(databaseUrl: string, dir: string, profileDir: string | undefined) {
  await mkdir(dir, { recursive: true });
  const logFile = await open(join(dir, 'engine.log'), 'a');
  const engine = fork(join(import.meta.dirname, '../../mail-engine/main.ts'), [], {
    stdio: ['ignore', logFile.fd, 'inherit', 'ipc'],
    execArgv: [...ENGINE_NODE_FLAGS, ...(profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [])],
    env: {
      ...ENGINE_ENVIRONMENT,
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
      DATABASE_URL: databaseUrl,
      MAILSTEAD_VAR: dir,
      MAILSTEAD_HOSTNAME: 'mx.bench.example',
      MAILSTEAD_SECRET: randomBytes(32).toString('hex'),
      MAILSTEAD_BIND: '127.0.0.1',
      MAILSTEAD_SMTP_PORT: String(await findFreePort()),
      MAILSTEAD_SUBMISSION_PORT: 'off',
      MAILSTEAD_SUBMISSIONS_PORT: 'off',
      MAILSTEAD_IMAP_PORT: 'off',
      MAILSTEAD_IMAPS_PORT: 'off',
      MAILSTEAD_POP3_PORT: 'off',
      MAILSTEAD_POP3S_PORT: 'off',
    },
  });
  const ended = once(engine, 'exit');
  const [ready] = (await Promise.race([once(engine, 'message'), ended])) as [Ready | number | null];
  if (ready === null || typeof ready === 'number' || ready.kind !== 'ready')
    throw new Error('the engine did not start');
  return {
    pid: engine.pid ?? 0,
    smtpPort: ready.ports.smtp ?? 0,
    stop: async () => {
      engine.kill('SIGTERM');
      await ended;
      await logFile.close();
    },
  };
}

export interface MailsteadOptions {
  /** Must be reachable by everybody. */
  dir: string;
  mailboxes: number;
  /** Of the database's superuser; one drawn anew when not given. Needed where `dir` has a database already, which is used again. */
  password?: string;
  /** Where PostgreSQL's programs are, for another than the registry's: `DATABASE_URL` leads to such a one in production. */
  postgresDir?: string | undefined;
  /** Where the engine's CPU profile and PostgreSQL's statements are written to at the end; it costs a little while it runs. */
  profileDir?: string | undefined;
  /** Called with the database's URL after the schema is there and before the engine starts: to measure with a database that is full. */
  prepare?: ((databaseUrl: string) => Promise<void>) | undefined;
}

const COUNT_DELIVERED = `SELECT coalesce(sum(f."exists"), 0)::int AS n FROM folder f
  WHERE f.account_id = ANY(ARRAY(SELECT a.id FROM account a JOIN domain d ON d.id = a.domain_id WHERE d.name = $1))`;

export async function startMailstead({
  dir,
  mailboxes,
  password,
  postgresDir,
  profileDir,
  prepare,
}: MailsteadOptions): Promise<Subject> {
  const root = join(dir, 'mailstead');
  await mkdir(root, { recursive: true });
  const runAs = process.getuid?.() === 0 ? NOBODY : undefined;
  if (runAs) await chown(root, runAs.uid, runAs.gid);
  const cluster = await startCluster({
    dir: join(root, 'data'),
    port: await findFreePort(),
    password: password ?? randomBytes(12).toString('hex'),
    settings: { ...EMBEDDED_SETTINGS, ...(profileDir && PROFILE_SETTINGS) },
    ...(runAs && { runAs }),
    ...(postgresDir && { binDir: postgresDir }),
  });
  const client = new Client({ connectionString: cluster.url() });
  await client.connect();
  await migrate(cluster.url());
  await createMailboxes(client, mailboxes);
  await prepare?.(cluster.url());
  if (profileDir) await beginStatementProfile(client);
  const engine = await startEngine(cluster.url(), join(root, 'var'), profileDir);
  return {
    name: 'Mailstead',
    smtpPort: engine.smtpPort,
    processes: { engine: engine.pid, PostgreSQL: cluster.process.pid ?? 0 },
    countDelivered: async () => {
      const { rows } = await client.query<{ n: number }>(COUNT_DELIVERED, [DOMAIN]);
      return rows[0]?.n ?? 0;
    },
    isDelivering: async () => false, // its reply means that the message is there
    // Recycles log files, as every checkpoint does: a new cluster would zero each before its first use.
    settle: async () => {
      await client.query('CHECKPOINT');
    },
    stop: async () => {
      await engine.stop();
      if (profileDir) await writeStatementProfile(client, profileDir);
      await client.end();
      await cluster.stop();
    },
  };
}
