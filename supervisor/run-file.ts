/**
 * `var/run.json`: who uses this folder now, and how to reach what runs in it. It is there from before the database is started until after it
 * is stopped, so that nobody else starts or stops the same one meanwhile. Holds the database's URL, so its owner alone may read it.
 */
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { identifyProcess } from './process-identity.ts';

const runningSchema = z.object({
  databaseUrl: z.string(),
  webUrl: z.string(),
  ports: z.record(z.string(), z.number()),
});
const schema = z.object({
  pid: z.number().int(),
  /** As `identifyProcess` has it. */
  identity: z.string(),
  /** Null while it starts, and for a command that has the database for itself. */
  running: runningSchema.nullable(),
});
export type Running = z.output<typeof runningSchema>;
type RunFile = z.output<typeof schema>;

const fileIn = (varDir: string): string => join(varDir, 'run.json');

async function writeBeside(varDir: string, running: Running | null): Promise<string> {
  const run: RunFile = { pid: process.pid, identity: (await identifyProcess(process.pid)) ?? '', running };
  const path = `${fileIn(varDir)}.${process.pid}`;
  await writeFile(path, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  return path;
}

async function readRunFile(varDir: string): Promise<string | undefined> {
  return readFile(fileIn(varDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

function parse(text: string): RunFile | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined; // written by another version, or cut off with the power
  }
}

/** Whoever uses the folder now, starting or running; undefined where that process has ended. */
export async function findUser(varDir: string): Promise<RunFile | undefined> {
  const run = parse((await readRunFile(varDir)) ?? '');
  return run && (await identifyProcess(run.pid)) === run.identity ? run : undefined;
}

/** Removes a file whose process has ended. Where two do so at once, the file the second one takes away may be the first one's new one: it comes back. */
async function clearStale(varDir: string): Promise<void> {
  const stale = await readRunFile(varDir);
  const aside = `${fileIn(varDir)}.stale-${process.pid}`;
  await rename(fileIn(varDir), aside).catch(() => undefined); // another was faster
  const taken = await readFile(aside, 'utf8').catch(() => undefined);
  if (taken !== undefined && taken !== stale) await link(aside, fileIn(varDir)).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Makes this process the folder's user. Throws, naming the other one, where it has one. */
export async function claimFolder(varDir: string): Promise<void> {
  await mkdir(varDir, { recursive: true, mode: 0o755 });
  const file = await writeBeside(varDir, null);
  try {
    for (;;) {
      const other = await findUser(varDir);
      if (other?.running)
        throw new Error(`Mailstead already runs here as process ${other.pid} (${other.running.webUrl})`);
      if (other)
        throw new Error(
          `Mailstead is being started here, or a command uses its database (process ${other.pid}): try again soon`,
        );
      await clearStale(varDir);
      const claimed = await link(file, fileIn(varDir)).then(
        () => true,
        () => false, // somebody was faster
      );
      if (claimed) return;
    }
  } finally {
    await rm(file, { force: true });
  }
}

/** Tells how to reach what the folder's user, this process, runs. */
export async function announceRunning(varDir: string, running: Running): Promise<void> {
  await rename(await writeBeside(varDir, running), fileIn(varDir));
}

export async function releaseFolder(varDir: string): Promise<void> {
  await rm(fileIn(varDir), { force: true });
}
