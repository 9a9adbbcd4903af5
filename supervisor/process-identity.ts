/** Which process a number means: numbers are used again, after a restart of the machine or a container often for the very same program. */
import { readFile } from 'node:fs/promises';

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => ''); // the process has ended
}

/** When it was started, in ticks since the machine's start, which is named too; undefined where no such process runs (proc(5)). */
export async function identifyProcess(pid: number): Promise<string | undefined> {
  const [stat, boot] = await Promise.all([read(`/proc/${pid}/stat`), read('/proc/sys/kernel/random/boot_id')]);
  // The program's name, in parentheses, may hold anything.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z') return undefined;
  return `${boot.trim()} ${fields[18]}`;
}
