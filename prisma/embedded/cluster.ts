/**
 * Runs a PostgreSQL cluster of our own from the registry's binaries: initdb once, then one `postgres` child on loopback.
 * PostgreSQL refuses to run as root, so as root the caller names an unprivileged user (`runAs`) that can reach `dir`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { requirePostgresBinaries } from './binaries.ts';

export interface ClusterOptions {
  /** Data directory; made by initdb when it does not hold a cluster yet, unless `mustExist`. */
  dir: string;
  /** Throws where there is no cluster: its disk is not mounted, and a new one in its place would look like lost mail. */
  mustExist?: boolean;
  port: number;
  /** Password of the superuser `postgres`. */
  password: string;
  runAs?: { uid: number; gid: number };
  /** Folder of `initdb` and `postgres`; the registry package's own when not given. */
  binDir?: string;
  /** `postgresql.conf` values, given on the command line. */
  settings?: Record<string, string>;
  /** Receives the server's own log, line by line. */
  onLog?: (line: string) => void;
}

export interface Cluster {
  /** URL of database `name` (default `postgres`). */
  url: (name?: string) => string;
  /** Fast shutdown: open transactions are rolled back, everything committed stays. Resolves when the process has ended. */
  stop: () => Promise<void>;
  process: ChildProcess;
  /** Resolves with the exit code when the server ends, wanted or not. */
  exited: Promise<number | null>;
}

async function isInitialised(dir: string): Promise<boolean> {
  return stat(join(dir, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

async function findProgram(options: ClusterOptions, name: 'initdb' | 'postgres'): Promise<string> {
  return options.binDir ? join(options.binDir, name) : (await requirePostgresBinaries())[name];
}

async function initialise(options: ClusterOptions): Promise<void> {
  const initdb = await findProgram(options, 'initdb');
  const { dir, runAs } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const passwordFile = `${dir}.pw`;
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (runAs) await Promise.all([dir, passwordFile].map((path) => chown(path, runAs.uid, runAs.gid)));
  const args = [
    '-D',
    dir,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
  ];
  const child = spawn(initdb, [...args, '--no-instructions'], {
    ...runAs,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`initdb ended with ${code}: ${stderr.trim()}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function waitUntilReady(url: string, exited: Promise<number | null>, log: () => string): Promise<void> {
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  for (let waitMs = 20; !ended; waitMs = Math.min(waitMs * 1.5, 500)) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined); // reported by connect()
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await delay(waitMs); // still starting or recovering: recovery may take long and is never cut short
    }
  }
  throw new Error(`PostgreSQL did not start:\n${log()}`);
}

/** Starts the cluster and resolves when it answers queries; throws with the tail of its log when it ends first. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  if (!(await isInitialised(options.dir))) {
    if (options.mustExist) throw new Error(`There is no PostgreSQL cluster in ${options.dir}: is its disk mounted?`);
    await initialise(options);
  }
  const postgres = await findProgram(options, 'postgres');
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...options.settings };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(postgres, ['-D', options.dir, '-p', String(options.port), ...flags], {
    ...options.runAs,
    cwd: '/',
    detached: true, // its own process group: Ctrl-C reaches the supervisor alone, which stops it in order
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail: string[] = [];
  const onData = (chunk: Buffer): void => {
    for (const line of chunk.toString().split('\n').filter(Boolean)) {
      tail.push(line);
      if (tail.length > 30) tail.shift();
      options.onLog?.(line);
    }
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const url = (name = 'postgres'): string =>
    `postgresql://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/${name}`;
  await waitUntilReady(url(), exited, () => tail.join('\n'));
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await exited;
  };
  return { url, stop, process: child, exited };
}
