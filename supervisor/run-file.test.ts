import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { announceRunning, claimFolder, findUser, releaseFolder } from './run-file.ts';

const RUNNING = { databaseUrl: 'postgres://x', webUrl: 'http://localhost:3000', ports: { smtp: 25 } };

let varDir: string;
beforeEach(async () => {
  varDir = await mkdtemp(join(tmpdir(), 'mailstead-run-'));
});
afterEach(() => rm(varDir, { recursive: true, force: true }));

/** Another process that claims the folder, says whether it could, and lives on until it is told to end. */
async function startClaimant() {
  const script = `import { claimFolder } from ${JSON.stringify(join(import.meta.dirname, 'run-file.ts'))};
    process.on('message', () => process.exit(0));
    claimFolder(${JSON.stringify(varDir)}).then(() => process.send('claimed'), (error) => process.send(error.message));`;
  const file = join(varDir, `claimant-${Math.random()}.mts`);
  await writeFile(file, script);
  const child = fork(file, [], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: 'inherit' });
  const [said] = (await once(child, 'message')) as [string];
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { said, kill, pid: child.pid };
}

test('a folder has one user at a time, from before it runs until it is released', async () => {
  const first = await startClaimant();
  expect(first.said).toBe('claimed');
  await expect(claimFolder(varDir)).rejects.toThrow(`process ${first.pid}`);
  expect(await findUser(varDir)).toMatchObject({ pid: first.pid, running: null });
  await first.kill();
  expect(await findUser(varDir)).toBeUndefined();
  await claimFolder(varDir);
  await announceRunning(varDir, RUNNING);
  expect((await findUser(varDir))?.running).toEqual(RUNNING);
  expect((await stat(join(varDir, 'run.json'))).mode & 0o777).toBe(0o600);
  const late = await startClaimant();
  expect(late.said).toContain('already runs');
  await late.kill();
  await releaseFolder(varDir);
  expect((await readdir(varDir)).filter((name) => name.startsWith('run.json'))).toEqual([]);
});

test('of many that come at once one is let in', async () => {
  const claimants = await Promise.all(Array.from({ length: 6 }, startClaimant));
  expect(claimants.filter(({ said }) => said === 'claimed')).toHaveLength(1);
  await Promise.all(claimants.map(({ kill }) => kill()));
});

test('another process with the number of the one before, in a container perhaps this very one, is not taken for it', async () => {
  await claimFolder(varDir);
  const file = join(varDir, 'run.json');
  const run = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...run, identity: 'another-boot 4711', running: RUNNING }));
  expect(await findUser(varDir)).toBeUndefined();
  await claimFolder(varDir);
  expect(await findUser(varDir)).toMatchObject({ pid: process.pid, running: null });
});

test.each(['', '{"pid":', '{"pid":1,"databaseUrl":"postgres://x"}'])(
  'what is no such file, %j, keeps nobody out',
  async (text) => {
    await writeFile(join(varDir, 'run.json'), text);
    await claimFolder(varDir);
    expect(await findUser(varDir)).toMatchObject({ pid: process.pid });
  },
);
