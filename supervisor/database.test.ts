import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startEmbeddedDatabase } from './database.ts';
import { canReach, ensureSystemUser } from './system-user.ts';

let varDir: string;
beforeEach(async () => {
  varDir = await mkdtemp(join(tmpdir(), 'mailstead-var-'));
  await chmod(varDir, 0o755);
});
afterEach(() => rm(varDir, { recursive: true, force: true }));

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // the query under way fails with it
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Asks again until the server answers; the test's own time limit ends it. */
async function queryWhenUp(url: string, sql: string): Promise<Record<string, unknown>[]> {
  for (;;) {
    const rows = await query(url, sql).catch(() => undefined);
    if (rows) return rows;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const options = async () => ({ varDir, password: 'a-password-for-tests', runAs: await ensureSystemUser('mailstead') });

test('the embedded server comes back by itself after kill -9, with what was committed', async () => {
  const database = await startEmbeddedDatabase(await options());
  await query(database.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const pid = Number((await readFile(join(varDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  expect(await queryWhenUp(database.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await database.stop();
});

test('an empty lock file, as a power cut may leave it, keeps nothing from starting', async () => {
  const first = await startEmbeddedDatabase(await options());
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  await writeFile(join(varDir, 'postgres', 'postmaster.pid'), '');
  const second = await startEmbeddedDatabase(await options());
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();
});

test('where the data folder is gone at a restart, no new cluster is made in its place', async () => {
  const database = await startEmbeddedDatabase(await options());
  await query(database.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const data = join(varDir, 'postgres');
  const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const said = vi.spyOn(process.stdout, 'write');
  await rename(data, `${data}-unmounted`);
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(said).toHaveBeenCalledWith(expect.stringContaining('is its disk mounted?')), 30_000);
  await rename(`${data}-unmounted`, data);
  expect(await queryWhenUp(database.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await database.stop();
});

/** A supervisor's start in a process of its own, which can be killed without a chance to stop its server. */
async function startInOtherProcess(): Promise<{ url: string; kill: () => void }> {
  const script = `
    const { startEmbeddedDatabase } = await import(${JSON.stringify(join(import.meta.dirname, 'database.ts'))});
    process.stdout.write((await startEmbeddedDatabase(${JSON.stringify(await options())})).url);
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: url.toString(), kill: () => child.kill('SIGKILL') };
}

test('a server left behind by a supervisor that was killed is stopped, and its data found', async () => {
  const left = await startInOtherProcess();
  await query(left.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  left.kill();
  expect(await query(left.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  const database = await startEmbeddedDatabase(await options());
  await expect(query(left.url, 'SELECT 1')).rejects.toThrow();
  expect(await query(database.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await database.stop();
});

test.skipIf(process.getuid?.() !== 0)('a folder below one that only root may enter is not reachable', async () => {
  const user = await ensureSystemUser('mailstead');
  if (!user) throw new Error('root has a system user');
  expect(await canReach(user, varDir)).toBe(true);
  await chmod(varDir, 0o700);
  expect(await canReach(user, varDir)).toBe(false);
});
