/** What is done to the product while clients use it. Each resolves when it is over; coming back is then the product's own affair. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';

export type FaultKind =
  | 'kill -9 of the engine'
  | 'SIGTERM to the engine'
  | 'kill -9 of the postmaster'
  | 'kill -9 of a backend'
  | 'backends terminated'
  | 'PostgreSQL stopped (fast)'
  | 'disk full'
  | 'power cut';

/** Those after which another engine goes on: what the one before had not written down is not known any more. */
export const ENDS_ENGINE: ReadonlySet<FaultKind> = new Set([
  'kill -9 of the engine',
  'SIGTERM to the engine',
  'power cut',
] as const);

const NEED_DISK: readonly FaultKind[] = ['disk full', 'power cut'];

type Fault = (stage: Stage, random: Random) => Promise<void>;

const FULL_MS = [1_500, 4_000] as const;
/** Asking for a new log segment again and again makes the log need space, too: without it an old segment may last through the fault. */
const SWITCH_EVERY_MS = 150;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH
  }
}

/** Resolves when the process is gone. One that was already is left at that: it is on its way back. */
async function end(pid: number | undefined, signal: NodeJS.Signals): Promise<void> {
  if (pid === undefined || !isAlive(pid)) return;
  process.kill(pid, signal);
  while (isAlive(pid)) await delay(20);
}

async function withAdmin<T>(stage: Stage, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: stage.databaseUrl, application_name: 'torture' });
  client.on('error', () => undefined); // reported by the query under way
  try {
    await client.connect();
    return await run(client);
  } finally {
    await client.end().catch(() => undefined); // the connection is gone, which is what it was to be
  }
}

/** PostgreSQL may still be on its way back from the fault before: a fault is for a product that works. */
async function waitForDatabase(stage: Stage): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await withAdmin(stage, (client) => client.query('SELECT 1'));
      return;
    } catch (error) {
      if (tries === 600) throw error;
      await delay(100);
    }
  }
}

const BACKENDS = `SELECT pid FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY state = 'active' DESC, query_start DESC LIMIT 5`;
const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;

async function fillDisk(stage: Stage, random: Random): Promise<void> {
  const { disk } = stage;
  if (!disk) throw new Error('there is no disk to fill');
  const ends = Date.now() + random.between(...FULL_MS);
  try {
    await disk.fill();
    while (Date.now() < ends) {
      const switched = withAdmin(stage, (client) => client.query('SELECT pg_switch_wal()'));
      await switched.catch(() => undefined); // PostgreSQL is down by now, which is what a full log does to it
      await delay(SWITCH_EVERY_MS);
    }
  } finally {
    await disk.empty();
  }
}

/** Processes whose parent it is. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

/** The disk loses what was not synced, and nobody who ran lives on. */
async function cutPower({ disk, engine, readPostmasterPid }: Stage): Promise<void> {
  if (!disk) throw new Error('there is no disk');
  const postmaster = await readPostmasterPid();
  const backends = await childrenOf(postmaster);
  await disk.cutPower();
  await Promise.all([engine.pid, postmaster, ...backends].map((pid) => end(pid, 'SIGKILL')));
  await disk.restorePower();
}

const FAULTS: Readonly<Record<FaultKind, Fault>> = {
  'kill -9 of the engine': ({ engine }) => end(engine.pid, 'SIGKILL'),
  'SIGTERM to the engine': ({ engine }) => end(engine.pid, 'SIGTERM'),
  'kill -9 of the postmaster': async (stage) => end(await stage.readPostmasterPid(), 'SIGKILL'),
  'kill -9 of a backend': async (stage, random) => {
    const { rows } = await withAdmin(stage, (client) => client.query<{ pid: number }>(BACKENDS));
    await end(random.pick(rows).pid, 'SIGKILL');
  },
  'backends terminated': async (stage) => void (await withAdmin(stage, (client) => client.query(TERMINATE))),
  'PostgreSQL stopped (fast)': async (stage) => end(await stage.readPostmasterPid(), 'SIGINT'),
  'disk full': fillDisk,
  'power cut': cutPower,
};

/** Those that can be done here; what cannot is told by `skippedFaults`. */
export function possibleFaults(stage: Stage): FaultKind[] {
  return (Object.keys(FAULTS) as FaultKind[]).filter((kind) => !NEED_DISK.includes(kind) || stage.disk !== undefined);
}

export function skippedFaults(stage: Stage): FaultKind[] {
  return stage.disk === undefined ? [...NEED_DISK] : [];
}

export async function runFault(kind: FaultKind, stage: Stage, random: Random): Promise<void> {
  await waitForDatabase(stage);
  await FAULTS[kind](stage, random);
}
