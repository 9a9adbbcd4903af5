/**
 * Every connection is an open file. Node raises the soft limit to the hard one by itself; where the hard one is lower than what the
 * settings allow, connections would fail to be accepted at the worst moment, so it is said at start.
 */
import { readFileSync } from 'node:fs';
import type { ServiceGate } from '#engine/net/service-gate.ts';
import type { Logger } from '#server/logger.ts';

/** The database, the queue's own connections, files. */
const BESIDE = 500;

/** How many files this process may open; undefined where the system does not say (not Linux) or sets no limit. */
export function findFileLimit(text = readLimits()): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(text)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

export function warnOfFewFiles(gates: readonly ServiceGate[], log: Logger, limits?: string): void {
  const limit = findFileLimit(limits);
  const needed = gates.reduce((sum, gate) => sum + gate.limit, BESIDE);
  if (limit === undefined || limit >= needed) return;
  log.warn(
    { limit, needed },
    'fewer open files are allowed than connections: raise LimitNOFILE (systemd) or ulimit -n',
  );
}
