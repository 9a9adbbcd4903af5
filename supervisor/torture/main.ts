/**
 * `npm run torture -- --minutes 15 --seed 7`: the long run, by hand, on a PostgreSQL and a disk of its own. Prints the ledger; ends with
 * status 1 when anything was lost, doubled, damaged or left unclean. As root, or the disk cannot be filled and that fault is skipped.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { FaultKind } from './faults.ts';
import { runTorture } from './run.ts';
import { formatTable } from './table.ts';
import { wrongs } from './verify.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
    only: { type: 'string', multiple: true },
    connections: { type: 'string', default: '20' },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const stopped = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopped.abort());
say(`seed ${values.seed}`);
const { verdict, faults, skipped, findings } = await runTorture({
  seed: Number(values.seed),
  durationMs: Number(values.minutes) * 60_000,
  only: values.only as FaultKind[] | undefined,
  calmMs: [500, 5_000],
  clients: { mx: Number(values.connections), submission: 4, imap: 6, pop3: 3 },
  say,
  signal: stopped.signal,
});
say(`\n${formatTable(verdict, faults)}\n`);
for (const kind of skipped) say(`skipped: ${kind} (needs root and loop devices)`);
const wrong = [...wrongs(verdict), ...findings.map((finding) => JSON.stringify(finding))];
for (const line of wrong) say(line);
say(wrong.length === 0 ? 'Nothing lost, nothing twice, every byte as sent, check clean.' : 'NOT CLEAN');
process.exitCode = wrong.length === 0 ? 0 : 1;
