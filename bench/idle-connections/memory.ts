/** Memory as the system counts it (Linux `/proc`). */
import { readdir, readFile } from 'node:fs/promises';

async function readKib(file: string, field: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => ''); // ended meanwhile
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}

/** What one process holds of the machine's memory. */
export async function residentBytes(pid: number): Promise<number> {
  return (await readKib(`/proc/${pid}/status`, 'VmRSS')) * 1024;
}

async function parentOf(pid: number): Promise<number> {
  return Number(/^PPid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1] ?? 0);
}

/** A process and all that came from it, pages they share counted once: each has its share of them (PSS). */
export async function treeBytes(root: number): Promise<number> {
  let total = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    for (let pid = Number(name); pid > 1; pid = await parentOf(pid)) {
      if (pid !== root) continue;
      total += (await readKib(`/proc/${name}/smaps_rollup`, 'Pss')) * 1024;
      break;
    }
  }
  return total;
}
