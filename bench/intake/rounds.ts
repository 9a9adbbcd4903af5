/** Rounds in turns: each subject warmed first; before each turn all come to rest and disks are synced; the median told. */
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds } from './cpu-time.ts';
import { DEFAULT_LOAD, type Load, type Sender } from './load.ts';
import { measure, type Result } from './measure.ts';
import type { Subject } from './subject.ts';

const REST_LOOK_MS = 1_000;
const REST_CPU_SECONDS = 0.03;
const REST_PATIENCE_MS = 120_000;

export function say(line: string): void {
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

/** A run that is not measured: caches, folders, prepared statements, compiled code. */
export async function warmUp(subject: Subject, send: Sender, messages: number): Promise<void> {
  await measure(subject, { ...DEFAULT_LOAD, messages }, send);
  await subject.settle();
}

async function usedSeconds(subjects: readonly Subject[]): Promise<number> {
  const pids = subjects.flatMap(({ processes }) => Object.values(processes));
  const used = await Promise.all(pids.map(cpuSeconds));
  return used.reduce((sum, seconds) => sum + seconds, 0);
}

/** Until nobody works at what the last turn left to be done later, such as a search index: it would slow the others down, if there are any. */
async function comeToRest(subjects: readonly Subject[]): Promise<void> {
  if (subjects.length < 2) return;
  const deadline = performance.now() + REST_PATIENCE_MS;
  for (let before = await usedSeconds(subjects); performance.now() < deadline; ) {
    await delay(REST_LOOK_MS);
    const now = await usedSeconds(subjects);
    if (now - before <= REST_CPU_SECONDS) return;
    before = now;
  }
  say('not all came to rest before the next turn');
}

/** The median of each subject, in their order. */
export async function runRounds(
  subjects: readonly Subject[],
  load: Load,
  send: Sender,
  rounds: number,
): Promise<Result[]> {
  const results = new Map<Subject, Result[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [subject, found] of results) {
      await comeToRest(subjects);
      execFileSync('sync'); // neither side waits for what the other left to be written
      const result = await measure(subject, load, send);
      say(toLine(result));
      found.push(result);
    }
  }
  return [...results.values()].map(median);
}
