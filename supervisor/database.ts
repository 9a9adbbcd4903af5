/**
 * The database the whole runs on: `DATABASE_URL` where given, else a PostgreSQL 18 of our own under `<var>/postgres`.
 * A server left behind by a supervisor that was killed is stopped first: two on one folder would be refused anyway.
 */
import { cp, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { requirePostgresBinaries } from '#prisma/embedded/binaries.ts';
import { type Cluster, startCluster } from '#prisma/embedded/cluster.ts';
import { EMBEDDED_SETTINGS } from '#prisma/embedded/settings.ts';
import { findFreePort } from '#server/free-port.ts';
import { say } from './progress.ts';
import { canReach, type SystemUser } from './system-user.ts';

const DATABASE = 'mailstead';

export interface RunningDatabase {
  url: string;
  stop: () => Promise<void>;
}

export interface EmbeddedOptions {
  varDir: string;
  password: string;
  runAs: SystemUser | undefined;
}

async function readPostmasterPid(dir: string): Promise<number | undefined> {
  const text = await readFile(join(dir, 'postmaster.pid'), 'utf8').catch(() => undefined); // absent: nothing was left
  const pid = Number(text?.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''); // gone: the file is stale
  return commandLine.includes(dir) ? pid : undefined;
}

async function stopLeftover(dir: string): Promise<void> {
  const pid = await readPostmasterPid(dir);
  if (pid === undefined) return;
  process.kill(pid, 'SIGINT');
  for (let tries = 0; tries < 600 && (await readPostmasterPid(dir)) === pid; tries++) await delay(100);
}

/**
 * A power cut in the moment of a start can leave the lock file empty, and PostgreSQL would never start again: it cannot know that nobody
 * else is starting. We are the only ones who start it.
 */
async function dropEmptyLock(dir: string): Promise<void> {
  const file = join(dir, 'postmaster.pid');
  const found = await stat(file).catch(() => undefined); // absent, as it should be
  if (found?.size === 0) await rm(file);
}

/** As root with a checkout that the unprivileged user cannot enter (`/root/…`), the programs are copied to where it can. */
async function ensureReachableBinaries(options: EmbeddedOptions): Promise<string | undefined> {
  if (!options.runAs) return undefined;
  const { postgres } = await requirePostgresBinaries();
  const native = dirname(dirname(postgres));
  if (await canReach(options.runAs, native)) return undefined;
  const target = join(options.varDir, 'postgresql');
  const copied = await stat(join(target, 'bin', 'postgres')).then(
    () => true,
    () => false,
  );
  if (!copied) await cp(native, target, { recursive: true, verbatimSymlinks: true });
  return join(target, 'bin');
}

async function ensureDatabase(cluster: Cluster): Promise<void> {
  const client = new Client({ connectionString: cluster.url() });
  client.on('error', () => undefined); // reported by the query under way
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/** Brings the server back when it ends unasked, with growing delay: after `kill -9` its last children may hold the folder for a moment. */
async function keepRunning(
  first: Cluster,
  start: () => Promise<Cluster>,
  onChange: (cluster: Cluster) => void,
  stopping: AbortSignal,
) {
  let cluster = first;
  let waitMs = 500;
  while (!stopping.aborted) {
    const code = await cluster.exited;
    while (!stopping.aborted) {
      say(`  PostgreSQL ended with code ${code}; starting it again in ${waitMs / 1000} s`);
      await delay(waitMs, undefined, { signal: stopping }).catch(() => undefined); // aborted: both loops end
      waitMs = Math.min(waitMs * 2, 10_000);
      const restarted = await start().catch((error: Error) => say(`  ${error.message}`));
      if (!restarted) continue;
      cluster = restarted;
      onChange(cluster);
      waitMs = 500;
      break;
    }
  }
}

export async function startEmbeddedDatabase(options: EmbeddedOptions): Promise<RunningDatabase> {
  const dir = join(options.varDir, 'postgres');
  await stopLeftover(dir);
  const binDir = await ensureReachableBinaries(options);
  const port = await findFreePort();
  const start = async (mustExist: boolean): Promise<Cluster> => {
    await dropEmptyLock(dir);
    return startCluster({
      dir,
      mustExist,
      port,
      password: options.password,
      settings: EMBEDDED_SETTINGS,
      ...(options.runAs && { runAs: { uid: options.runAs.uid, gid: options.runAs.gid } }),
      ...(binDir && { binDir }),
    });
  };
  let cluster = await start(false);
  await ensureDatabase(cluster);
  const stopping = new AbortController();
  const finished = keepRunning(
    cluster,
    () => start(true),
    (next) => (cluster = next),
    stopping.signal,
  );
  return {
    url: cluster.url(DATABASE),
    stop: async () => {
      stopping.abort();
      await cluster.stop();
      await finished;
      await cluster.stop(); // one that was just coming back
    },
  };
}
