/**
 * The engine's chores, each on its own rhythm and never two runs of one at once; a chore that fails is logged and tried again next time.
 * Several engines may run them at the same time.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { logger } from '#server/logger.ts';
import { indexBatch } from './index-messages.ts';
import { pruneExpunged } from './prune-expunged.ts';
import { purgeDue } from './purge-account.ts';
import { sweepBlobs } from './sweep-blobs.ts';
import { maintainTracePartitions } from './trace-partitions.ts';

/**
 * A chore that has more to do rests this many times as long as it worked, and longer the busier the process is, so that it never takes
 * the machine from mail.
 */
const REST = 4;
const BUSIEST = 0.95;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface UpkeepOptions {
  pool: Pool;
  now?: () => Date;
  /** How long removals are remembered for QRESYNC. */
  expungedKeepMs?: number;
  /** Longer where a message in the queue is older. */
  traceKeepDays?: number;
  /** The control plane's own chore: sessions, sign-in failures and audit events past their time. */
  pruneRecords?: () => Promise<unknown>;
  /** Accounts on hold: telling of them, and what strays. */
  keepHolds?: () => Promise<unknown>;
}

export interface Upkeep {
  /** What is under way stops at its next batch. */
  close(): Promise<void>;
}

interface Chore {
  name: string;
  everyMs: number;
  /** True when there is more to do at once. */
  run: () => Promise<boolean>;
}

export function startUpkeep(options: UpkeepOptions): Upkeep {
  const {
    pool,
    now = () => new Date(),
    expungedKeepMs = 60 * DAY_MS,
    traceKeepDays = 30,
    pruneRecords,
    keepHolds,
  } = options;
  const log = logger('upkeep');
  const closing = new AbortController();
  const { signal } = closing;
  const onIndexError = (err: unknown, blobId: number): void =>
    log.warn({ err, blobId }, 'the text of a message could not be read for the search index');

  const keepTrace = async (): Promise<void> => {
    if (!(await maintainTracePartitions(pool, now(), traceKeepDays)))
      log.warn('somebody holds the trace: its days are seen to at the next turn');
  };
  const done = async (work: Promise<unknown>): Promise<boolean> => {
    await work;
    return false;
  };
  const chores: Chore[] = [
    { name: 'index', everyMs: 2 * SECOND_MS, run: async () => (await indexBatch(pool, onIndexError, { signal })) > 0 },
    { name: 'sweep', everyMs: HOUR_MS / 12, run: () => done(sweepBlobs(pool, { signal })) },
    { name: 'purge', everyMs: HOUR_MS, run: () => done(purgeDue(pool, now(), signal)) },
    { name: 'expunged', everyMs: HOUR_MS, run: () => done(pruneExpunged(pool, expungedKeepMs, signal)) },
    { name: 'trace', everyMs: HOUR_MS, run: () => done(keepTrace()) },
  ];

  async function repeat({ name, everyMs, run }: Chore): Promise<void> {
    while (!signal.aborted) {
      const begun = performance.now();
      const before = performance.eventLoopUtilization();
      let more = false;
      try {
        more = await run();
      } catch (err) {
        log.error({ err, chore: name }, 'a chore failed');
      }
      const busy = Math.min(BUSIEST, performance.eventLoopUtilization(before).utilization);
      const restMs = more ? Math.min(everyMs, (REST * (performance.now() - begun)) / (1 - busy)) : everyMs;
      await delay(restMs, undefined, { signal }).catch(() => undefined); // closing ends the wait
    }
  }

  if (keepHolds) chores.push({ name: 'holds', everyMs: 60 * SECOND_MS, run: () => done(keepHolds()) });
  if (pruneRecords) chores.push({ name: 'records', everyMs: HOUR_MS, run: () => done(pruneRecords()) });

  const running = chores.map(repeat);
  return {
    close: async () => {
      closing.abort();
      await Promise.all(running);
    },
  };
}
