/**
 * `npm run bench:growth`: what intake and reading cost as data grows. One database with nothing but the load's mailboxes and one with
 * 100,000 accounts and a million messages, in turns in the same run, with the load of `bench:intake`.
 *
 * The full one is kept in `--dir` (12 GB) and used again; `--fill` only makes it. `--check` runs `mailstead check` on it.
 * Options: `--accounts 100000 --messages 1000000 --load 6000 --rounds 3`.
 */
import { chmod, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCheck } from '#engine/check/run-check.ts';
import { createPool } from '#server/database/pool.ts';
import { DEFAULT_LOAD, sendBySmtpSource } from '../intake/load.ts';
import { startMailstead } from '../intake/mailstead.ts';
import { runRounds, say, warmUp } from '../intake/rounds.ts';
import type { Subject } from '../intake/subject.ts';
import { fillDatabase } from './fill.ts';
import { measureReading } from './reading.ts';

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: join(tmpdir(), 'mailstead-growth') },
    fill: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    accounts: { type: 'string', default: '100000' },
    messages: { type: 'string', default: '1000000' },
    load: { type: 'string', default: '6000' },
    rounds: { type: 'string', default: '3' },
  },
});
const accounts = Number(values.accounts);
const messages = Number(values.messages);
const size = { domains: Math.ceil(accounts / 100), accounts, messages, readerMessages: Math.min(10_000, messages / 2) };
const load = { ...DEFAULT_LOAD, messages: Number(values.load) };
const { mailboxes } = load;

async function isFilled(databaseUrl: string): Promise<boolean> {
  const pool = createPool({ connectionString: databaseUrl, max: 1 });
  try {
    return (await pool.query(`SELECT 1 FROM domain WHERE name = 'd0.growth.example'`)).rowCount !== 0;
  } finally {
    await pool.end();
  }
}

async function check(databaseUrl: string): Promise<void> {
  const pool = createPool({ connectionString: databaseUrl, max: 1 });
  const begun = performance.now();
  const findings = await runCheck(pool, { repair: false, deep: true });
  await pool.end();
  say(`mailstead check --deep: ${findings.length} findings in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  for (const finding of findings) say(JSON.stringify(finding));
}

async function prepareFull(databaseUrl: string): Promise<void> {
  if (!(await isFilled(databaseUrl))) await fillDatabase(databaseUrl, size, say);
  if (values.check) await check(databaseUrl);
}

async function compare(empty: Subject, full: Subject): Promise<void> {
  for (const subject of [empty, full]) await warmUp(subject, sendBySmtpSource, 3000);
  const [small, large] = await runRounds([empty, full], load, sendBySmtpSource, Number(values.rounds));
  if (small && large) say(`full to empty, of the medians: ${(large.perSecond / small.perSecond).toFixed(2)}`);
}

async function open(name: string, options: Partial<Parameters<typeof startMailstead>[0]>): Promise<Subject> {
  const dir = join(values.dir, name);
  await mkdir(dir, { recursive: true });
  await chmod(dir, 0o755);
  return { ...(await startMailstead({ dir, mailboxes, ...options })), name };
}

await mkdir(values.dir, { recursive: true });
await chmod(values.dir, 0o755);
await rm(join(values.dir, 'empty'), { recursive: true, force: true });
let fullUrl = '';
const full = await open('full', {
  password: 'kept-with-the-data',
  prepare: async (databaseUrl) => {
    fullUrl = databaseUrl;
    await prepareFull(databaseUrl);
  },
});
try {
  if (!values.fill) {
    const empty = await open('empty', {});
    try {
      await compare(empty, full);
    } finally {
      await empty.stop();
    }
    for (const [what, { first, usual }] of await measureReading(fullUrl)) {
      say(`${what}: ${usual.toFixed(1)} ms (the first time ${first.toFixed(1)} ms)`);
    }
  }
} finally {
  await full.stop();
}
