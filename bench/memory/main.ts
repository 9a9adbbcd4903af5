/**
 * `npm run bench:memory`: what the engine holds in memory while 50 clients send messages of 50 MiB at the same time, sampled until the last
 * stands in its folder. Ends with status 1 above the limit.
 *
 * Options: `--clients 50 --mebibytes 50 --rounds 2`.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { residentBytes } from '../idle-connections/memory.ts';
import { DEFAULT_LOAD, sendBySmtpSource } from '../intake/load.ts';
import { measure } from '../intake/measure.ts';
import { openSubjects } from '../intake/open-subjects.ts';
import { say } from '../intake/rounds.ts';

const MIB = 1024 * 1024;
const LIMIT_MIB = 300;
const SAMPLE_MS = 50;

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '50' },
    mebibytes: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '2' },
  },
});
const clients = Number(values.clients);
const sizeBytes = Number(values.mebibytes) * MIB;

/** The header comes on top of the size that is asked of smtp-source. */
async function allowSize(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`INSERT INTO setting (key, value, updated_by) VALUES ('mail.maxMessageBytes', $1, 'bench')`, [
    JSON.stringify(sizeBytes + MIB),
  ]);
  await client.end();
}

/** Of a process and its children, pages that they share counted for each. */
async function readResident(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean);
  const each = await Promise.all([pid, ...children.map(Number)].map(residentBytes));
  return each.reduce((sum, bytes) => sum + bytes, 0);
}

/** The most that was seen until `stop`. */
async function watch(pid: number, stop: AbortSignal): Promise<number> {
  let most = 0;
  while (!stop.aborted) {
    most = Math.max(most, await readResident(pid));
    await delay(SAMPLE_MS);
  }
  return most;
}

const { subjects, close } = await openSubjects({ mailboxes: clients, only: 'mailstead', prepare: allowSize });
try {
  for (const subject of subjects) {
    await measure(subject, { ...DEFAULT_LOAD, messages: 1_000, mailboxes: clients }, sendBySmtpSource);
    const engine = subject.processes.engine ?? 0;
    say(`before: ${((await readResident(engine)) / MIB).toFixed(0)} MiB`);
    const load = { ...DEFAULT_LOAD, messages: clients, sizeBytes, connections: clients, mailboxes: clients };
    for (let round = 0; round < Number(values.rounds); round++) {
      const stop = new AbortController();
      const watched = watch(engine, stop.signal);
      const { seconds } = await measure(subject, load, sendBySmtpSource);
      stop.abort();
      const most = (await watched) / MIB;
      const perSecond = (clients * sizeBytes) / MIB / seconds;
      say(`${clients} messages of ${sizeBytes / MIB} MiB in ${seconds.toFixed(1)} s, ${perSecond.toFixed(0)} MiB/s`);
      say(`at most ${most.toFixed(0)} MiB resident; the limit is ${LIMIT_MIB} MiB`);
      if (most > LIMIT_MIB) process.exitCode = 1;
    }
  }
} finally {
  await close();
}
