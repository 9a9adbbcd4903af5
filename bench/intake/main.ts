/**
 * `npm run bench:intake`: messages per second, from the first connection to the last message standing in its folder, of Mailstead and,
 * where Debian's postfix and dovecot-lmtpd are installed and we are root, of those two, in the same run on the same disk.
 *
 * Options: `--messages 5000 --size 10240 --connections 20 --mailboxes 100 --rounds 3 --only mailstead|peer --profile DIR`.
 */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Load } from './load.ts';
import { startMailstead } from './mailstead.ts';
import { measure, type Result } from './measure.ts';
import { hasPostfixDovecot, startPostfixDovecot } from './postfix-dovecot.ts';
import type { Subject } from './subject.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '5000' },
    size: { type: 'string', default: '10240' },
    connections: { type: 'string', default: '20' },
    mailboxes: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
});

const load: Load = {
  messages: Number(values.messages),
  sizeBytes: Number(values.size),
  connections: Number(values.connections),
  mailboxes: Number(values.mailboxes),
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function toLine({ name, messages, seconds, perSecond, cpuMs }: Result): string {
  const cpu = Object.entries(cpuMs).map(([program, ms]) => `${program} ${ms.toFixed(2)} ms`);
  return `${name}: ${messages} messages in ${seconds.toFixed(2)} s, ${perSecond.toFixed(0)}/s; CPU a message: ${cpu.join(', ')}`;
}

/** Of an odd number of results the middle one: what else the machine did disturbs some rounds. */
function median(results: readonly Result[]): Result {
  const sorted = [...results].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error('no round was run');
  return middle;
}

/** In turns, after a short run of each that warms it: caches, folders, prepared statements. */
async function runRounds(subjects: readonly Subject[]): Promise<Result[]> {
  for (const subject of subjects) await measure(subject, { ...load, messages: Math.ceil(load.messages / 5) });
  const results = new Map<Subject, Result[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [subject, rounds] of results) {
      execFileSync('sync'); // neither side waits for what the other left to be written
      const result = await measure(subject, load);
      say(toLine(result));
      rounds.push(result);
    }
  }
  return [...results.values()].map(median);
}

const dir = await mkdtemp(join(tmpdir(), 'mailstead-bench-'));
await chmod(dir, 0o755);
const subjects: Subject[] = [];
try {
  say(
    `${load.messages} messages of ${load.sizeBytes} bytes, ${load.connections} connections, ${load.mailboxes} mailboxes, ${values.rounds} rounds`,
  );
  if (values.only !== 'peer') subjects.push(await startMailstead(dir, load.mailboxes, values.profile));
  if (values.only !== 'mailstead' && (await hasPostfixDovecot())) {
    subjects.push(await startPostfixDovecot(dir, load.mailboxes));
  }
  const [own, peer] = await runRounds(subjects);
  if (own && peer) say(`ratio of the medians: ${(own.perSecond / peer.perSecond).toFixed(1)}`);
  else if (values.only === undefined) say('Postfix and Dovecot are not installed here, or we are not root: no ratio');
} finally {
  for (const subject of subjects) await subject.stop();
  await rm(dir, { recursive: true, force: true });
}
