/**
 * The product as it runs in production, by its own supervisor's code: the embedded PostgreSQL, which comes back when it ends, and the engine,
 * which is started again when it ends. Around it mailboxes, somebody else's mail server, and a disk that can be filled.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINE_ENVIRONMENT, ENGINE_NODE_FLAGS } from '#engine/process/launch.ts';
import { createMailboxes } from '#engine/testing/mailboxes.ts';
import { migrate } from '#prisma/migrate.ts';
import { createPool } from '#server/database/pool.ts';
import { findFreePort } from '#server/free-port.ts';
import { SETTING_KEYS } from '#server/settings/registry.ts';
import { type SupervisedChild, superviseChild } from '../child.ts';
import { type RunningDatabase, startEmbeddedDatabase } from '../database.ts';
import { ensureSystemUser } from '../system-user.ts';
import type { RemoteServer } from './remote-server.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

const SERVICES = ['smtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'] as const;
type Port = (typeof SERVICES)[number];
/** The supervisor's own delays would keep an engine that is killed every few seconds away for half a minute each time. */
const RESTART = { firstDelayMs: 200, longestDelayMs: 1_000, stableMs: 1_000 };

/** The clients are few accounts that send without end: what would hold them back, and write to them about it, is another's test. */
const SEND_LIMITS = SETTING_KEYS.filter((key) => /^limits\.(account|domain|reseller)/.test(key));
const STAGE_SETTINGS: Readonly<Record<string, unknown>> = {
  'queue.allowPrivateDestinations': true,
  ...Object.fromEntries(SEND_LIMITS.map((key) => [key, 0])),
};

export interface Stage {
  databaseUrl: string;
  ports: Readonly<Record<Port, number>>;
  readonly engine: SupervisedChild;
  /** Another one in its place, after it was stopped. */
  startEngineAgain(): Promise<void>;
  database: RunningDatabase;
  disk: SmallDisk | undefined;
  people: { mx: readonly string[]; imap: readonly string[]; pop3: readonly string[]; password: string };
  /** The postmaster's process id; throws while PostgreSQL is away. */
  readPostmasterPid(): Promise<number>;
  close(): Promise<void>;
}

async function choosePorts(): Promise<Record<Port, number>> {
  const chosen: [Port, number][] = [];
  for (const service of SERVICES) chosen.push([service, await findFreePort()]);
  return Object.fromEntries(chosen) as Record<Port, number>;
}

async function prepare(databaseUrl: string, counts: Record<'mx' | 'imap' | 'pop3', number>): Promise<Stage['people']> {
  await migrate(databaseUrl);
  const password = `torture-${randomBytes(9).toString('hex')}`;
  const make = (domain: string, count: number) => createMailboxes(databaseUrl, { domain, count, password });
  const people = {
    mx: await make('mx.torture.example', counts.mx),
    imap: await make('imap.torture.example', counts.imap),
    pop3: await make('pop3.torture.example', counts.pop3),
    password,
  };
  const pool = createPool({ connectionString: databaseUrl, max: 1 });
  for (const [key, value] of Object.entries(STAGE_SETTINGS)) {
    await pool.query(`INSERT INTO setting (key, value, updated_by) VALUES ($1, $2, 'torture')`, [
      key,
      JSON.stringify(value),
    ]);
  }
  await pool.end();
  return people;
}

function startEngine(databaseUrl: string, varDir: string, ports: Stage['ports'], remote: RemoteServer) {
  return superviseChild({
    name: 'Mail engine',
    script: join(import.meta.dirname, '../../mail-engine/main.ts'),
    nodeFlags: ENGINE_NODE_FLAGS,
    restart: RESTART,
    env: {
      ...ENGINE_ENVIRONMENT,
      ...process.env,
      NODE_ENV: 'test',
      LOG_LEVEL: process.env.ENGINE_LOG_LEVEL ?? 'silent',
      DATABASE_URL: databaseUrl,
      MAILSTEAD_SECRET: randomBytes(32).toString('hex'),
      MAILSTEAD_HOSTNAME: 'mx.torture.example',
      MAILSTEAD_BIND: '127.0.0.1',
      MAILSTEAD_VAR: varDir,
      MAILSTEAD_DNS_SERVERS: remote.dns,
      MAILSTEAD_REMOTE_SMTP_PORT: String(remote.port),
      ...Object.fromEntries(
        Object.entries(ports).map(([service, port]) => [`MAILSTEAD_${service.toUpperCase()}_PORT`, String(port)]),
      ),
    },
  });
}

export interface StageOptions {
  counts: Record<'mx' | 'imap' | 'pop3', number>;
  remote: RemoteServer;
}

export async function openStage({ counts, remote }: StageOptions): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'mailstead-torture-'));
  await chmod(dir, 0o755);
  const disk = await mountSmallDisk(dir);
  const varDir = disk?.path ?? dir;
  const runAs = await ensureSystemUser('mailstead');
  const database = await startEmbeddedDatabase({ varDir, password: randomBytes(12).toString('hex'), runAs });
  const strike = async (): Promise<void> => {
    await database.stop();
    await disk?.remove();
    await rm(dir, { recursive: true, force: true });
  };
  /** Else PostgreSQL would be left running. */
  const orStrike = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      await strike();
      throw error;
    }
  };
  const people = await orStrike(prepare(database.url, counts));
  const ports = await orStrike(choosePorts());
  const start = (): SupervisedChild => startEngine(database.url, join(dir, 'engine'), ports, remote);
  let engine = start();
  await orStrike(engine.ready);
  return {
    databaseUrl: database.url,
    ports,
    get engine() {
      return engine;
    },
    startEngineAgain: async () => {
      engine = start();
      await engine.ready;
    },
    database,
    disk,
    people,
    readPostmasterPid: async () => {
      const text = await readFile(join(varDir, 'postgres', 'postmaster.pid'), 'utf8');
      return Number(text.split('\n')[0]);
    },
    close: async () => {
      await engine.stop();
      await strike();
    },
  };
}
