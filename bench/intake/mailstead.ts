/** The real engine on a cluster of its own with production's durability, on loopback ports. */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { ENGINE_ENVIRONMENT, ENGINE_NODE_FLAGS } from '#engine/process/launch.ts';
import { startCluster } from '#prisma/embedded/cluster.ts';
import { migrate } from '#prisma/migrate.ts';
import { findFreePort } from './free-port.ts';
import { DOMAIN, mailboxName } from './load.ts';
import type { Subject } from './subject.ts';

const NOBODY = { uid: 65534, gid: 65534 };
/** As the supervisor gives them; fsync and synchronous_commit stay on. */
const SETTINGS = {
  max_connections: '200',
  shared_buffers: '512MB',
  effective_cache_size: '2GB',
  wal_compression: 'off',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  random_page_cost: '1.1',
};

const CREATE_MAILBOXES = `WITH hosted AS (INSERT INTO domain (name) VALUES ($1) RETURNING id),
  made AS (INSERT INTO account (domain_id, local_part, address, password_hash)
    SELECT h.id, n.name, n.name || '@' || $1, 'none' FROM hosted h, unnest($2::text[]) AS n (name) RETURNING id, domain_id, local_part),
  addressed AS (INSERT INTO address (domain_id, local_part, kind) SELECT domain_id, local_part, 'account' FROM made
    RETURNING id, local_part)
  INSERT INTO address_target (address_id, account_id) SELECT a.id, m.id FROM addressed a JOIN made m USING (local_part)`;

async function createMailboxes(client: Client, mailboxes: number): Promise<void> {
  const names = Array.from({ length: mailboxes }, (_, at) => mailboxName(at));
  await client.query(CREATE_MAILBOXES, [DOMAIN, names]);
  await client.query('SELECT create_default_folders(id) FROM account');
}

interface Ready {
  kind: 'ready' | 'failed';
  ports: Record<string, number>;
  reason: string;
}

async function startEngine(databaseUrl: string, dir: string, profileDir: string | undefined) {
  const engine = fork(join(import.meta.dirname, '../../mail-engine/main.ts'), [], {
    execArgv: [...ENGINE_NODE_FLAGS, ...(profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [])],
    env: {
      ...ENGINE_ENVIRONMENT,
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      LOG_LEVEL: 'warn',
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
    },
  };
}

/** `dir` must be reachable by everybody. */
export async function startMailstead(dir: string, mailboxes: number, profileDir?: string): Promise<Subject> {
  const root = join(dir, 'mailstead');
  await mkdir(root);
  const runAs = process.getuid?.() === 0 ? NOBODY : undefined;
  if (runAs) await chown(root, runAs.uid, runAs.gid);
  const password = randomBytes(12).toString('hex');
  const cluster = await startCluster({
    dir: join(root, 'data'),
    port: await findFreePort(),
    password,
    settings: SETTINGS,
    ...(runAs && { runAs }),
  });
  const client = new Client({ connectionString: cluster.url() });
  await client.connect();
  await migrate(cluster.url());
  await createMailboxes(client, mailboxes);
  const engine = await startEngine(cluster.url(), join(root, 'var'), profileDir);
  return {
    name: 'Mailstead',
    smtpPort: engine.smtpPort,
    processes: { engine: engine.pid, PostgreSQL: cluster.process.pid ?? 0 },
    countDelivered: async () => {
      const { rows } = await client.query<{ n: number }>('SELECT sum("exists")::int AS n FROM folder');
      return rows[0]?.n ?? 0;
    },
    stop: async () => {
      await engine.stop();
      await client.end();
      await cluster.stop();
    },
  };
}
