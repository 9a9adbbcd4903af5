/** What processes of their own log, as it arrives on their stdout: a file or a pipe, read or closed. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';

const LOGGER = JSON.stringify(join(import.meta.dirname, 'logger.ts'));
/** Fewer than are handed over at once, and enough for many times. */
const FEW = 20;
const MANY = 3_000;

function start(body: string, stdout: number | 'pipe' = 'pipe') {
  const script = `
    const log = (await import(${LOGGER})).logger('test');
    const say = (count) => { for (let i = 0; i < count; i++) log.info({ i }, 'grüße 😀 ' + 'x'.repeat(i % 300)); };
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', stdout, 'pipe'],
    env: { ...process.env, LOG_LEVEL: 'info', LOG_FORMAT: 'json' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;
const startPiped = (body: string): Child => start(body) as Child;

async function readPipe(body: string): Promise<string> {
  const child = startPiped(body);
  child.stderr.resume();
  return await text(child.stdout);
}

async function readOutputFile(body: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'logger-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = await open(join(folder, 'log'), 'w');
  const child = start(body, file.fd);
  child.stderr?.resume();
  await once(child, 'close');
  await file.close();
  return await readFile(join(folder, 'log'), 'utf8');
}

/** The numbers of the lines in the order they arrived; throws where one is not whole. */
function numbersIn(log: string): number[] {
  expect(log.endsWith('\n')).toBe(true);
  return log
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { i, msg } = JSON.parse(line) as { i: number; msg: string };
      expect(msg).toBe(`grüße 😀 ${'x'.repeat(i % 300)}`);
      return i;
    });
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe.each([
  ['a pipe', readPipe],
  ['a file', readOutputFile],
])('on %s', (_name, read) => {
  it.each([FEW, MANY])('%i lines arrive in order from a process that ends by itself', async (count) => {
    expect(numbersIn(await read(`say(${count});`))).toEqual(upTo(count));
  });

  it.each([
    ['calls process.exit()', 'process.exit(0);'],
    ['throws', "throw new Error('a fault');"],
    ['throws later', "setImmediate(() => { throw new Error('a fault'); });"],
  ])('lines arrive from a process that %s right after', async (_name, end) => {
    expect(numbersIn(await read(`say(${FEW}); ${end}`))).toEqual(upTo(FEW));
    // What the system is just then writing may arrive among what the end of the process writes: order is not promised here.
    const numbers = numbersIn(await read(`say(${MANY}); ${end}`));
    expect(numbers.sort((one, other) => one - other)).toEqual(upTo(MANY));
  });

  it('a fatal line and those before it are written before the next thing happens', async () => {
    const log = await read(`say(${FEW}); log.fatal('a fault'); process.kill(process.pid, 'SIGKILL');`);
    const lines = log.trimEnd().split('\n');
    expect(lines.pop()).toContain('a fault');
    expect(numbersIn(`${lines.join('\n')}\n`)).toEqual(upTo(FEW));
  });
});

it('a line arrives though no other follows and the process goes on', async () => {
  const child = startPiped('say(1); process.stdin.resume();');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(numbersIn(line.toString())).toEqual([0]);
  expect(child.exitCode).toBeNull();
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('flush calls back when the lines are written', async () => {
  const log = await readPipe(`say(${MANY}); log.flush(() => process.kill(process.pid, 'SIGKILL'));`);
  expect(numbersIn(log)).toEqual(upTo(MANY));
});

it('a line that waits keeps no process alive', async () => {
  const child = startPiped('say(1); process.stderr.write(process.getActiveResourcesInfo().join(" "));');
  child.stdout.resume();
  expect(await text(child.stderr)).not.toContain('Timeout');
});

describe('where nobody reads', () => {
  it.each([
    ['goes on', `log.flush(() => { say(${FEW}); log.flush(() => process.exit(7)); });`],
    ['can end', 'process.exit(7);'],
  ])('the process %s', async (_name, then) => {
    const child = startPiped(`process.stdin.once('data', () => { say(${FEW}); ${then} });`);
    child.stdout.destroy();
    child.stdin.end('now');
    child.stderr.resume();
    expect(await once(child, 'exit')).toEqual([7, null]);
  });
});
