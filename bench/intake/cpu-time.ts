/** CPU time of a process and all that came from it, ended ones included (Linux `/proc`): what a message costs, whatever else the machine does. */
import { readdir, readFile } from 'node:fs/promises';

const TICKS_PER_SECOND = 100;

interface Stat {
  parent: number;
  ticks: number;
}

/** proc_pid_stat(5): after the name in parentheses come state, ppid, … utime, stime, cutime, cstime as fields 14 to 17. */
async function readStat(pid: string): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined); // ended meanwhile
  const fields = text
    ?.slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  if (!fields) return undefined;
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
  return { parent: fields[1] ?? 0, ticks: utime + stime + cutime + cstime };
}

export async function cpuSeconds(rootPid: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = new Map<number, Stat>();
  for (const pid of pids) {
    const stat = await readStat(pid);
    if (stat) stats.set(Number(pid), stat);
  }
  const isBelow = (pid: number): boolean => {
    for (let at = pid; at > 1; at = stats.get(at)?.parent ?? 0) if (at === rootPid) return true;
    return false;
  };
  let ticks = 0;
  for (const [pid, stat] of stats) if (isBelow(pid)) ticks += stat.ticks;
  return ticks / TICKS_PER_SECOND;
}

/** Of this process and the children of it that have ended: those that still run, the servers, are not counted. */
export async function ownCpuSeconds(): Promise<number> {
  const stat = await readStat(String(process.pid));
  return (stat?.ticks ?? 0) / TICKS_PER_SECOND;
}
