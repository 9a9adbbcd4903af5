/** Rounds in turns: each subject warmed first, disks synced before each turn, the median told. */
import { execFileSync } from 'node:child_process';
import { DEFAULT_LOAD, type Load, type Sender } from './load.ts';
import { measure, type Result } from './measure.ts';
import type { Subject } from './subject.ts';

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
      execFileSync('sync'); // neither side waits for what the other left to be written
      const result = await measure(subject, load, send);
      say(toLine(result));
      found.push(result);
    }
  }
  return [...results.values()].map(median);
}
