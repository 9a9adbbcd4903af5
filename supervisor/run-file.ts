/** `var/run.json`: what runs now, for the command line and for the next supervisor. Holds the database's URL, so its owner alone may read it. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  pid: z.number().int(),
  databaseUrl: z.string(),
  webUrl: z.string(),
  ports: z.record(z.string(), z.number()),
});
export type RunFile = z.output<typeof schema>;

const fileIn = (varDir: string): string => join(varDir, 'run.json');

export async function writeRunFile(varDir: string, run: RunFile): Promise<void> {
  await mkdir(varDir, { recursive: true });
  await writeFile(`${fileIn(varDir)}.tmp`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  await rename(`${fileIn(varDir)}.tmp`, fileIn(varDir));
}

export async function removeRunFile(varDir: string): Promise<void> {
  await rm(fileIn(varDir), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The supervisor that runs on this folder now, if any. */
export async function findRunning(varDir: string): Promise<RunFile | undefined> {
  const text = await readFile(fileIn(varDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const run = schema.safeParse(JSON.parse(text));
  return run.success && isAlive(run.data.pid) ? run.data : undefined;
}
