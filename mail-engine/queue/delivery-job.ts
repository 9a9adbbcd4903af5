/**
 * One leased message from attempt to settled; whoever starts it keeps up its lease meanwhile. A fault of ours defers. What was
 * delivered must be written down: while the database cannot take it, it stays in hand and is tried again, without end. Only what the
 * database will never take, or the engine's stop, leaves the entries to their lease's end and a second try.
 */
import type { Pool } from 'pg';
import { deferFault } from '#engine/delivery/defer-fault.ts';
import { deferred, type Outcome } from '#engine/delivery/outcome.ts';
import type { Logger } from '#server/logger.ts';
import type { Clock } from './clock.ts';
import { decideMove } from './decide-move.ts';
import { type SettledEntry, settleEntries } from './settle.ts';
import type { LeasedMessage } from './types.ts';

export interface JobOptions {
  pool: Pool;
  clock: Clock;
  owner: string;
  log: Logger;
  deliver: (message: LeasedMessage) => Promise<readonly Outcome[]>;
  delayNoticeAfterMs: () => number | null;
  /** Aborts when there is no more time. */
  signal: AbortSignal;
}

const FIRST_SETTLE_WAIT_MS = 1_000;
const MAX_SETTLE_WAIT_MS = 60_000;
/** SQLSTATE classes of what no other try changes: the values (22), the rules of the schema (23), the statement (42). */
const REFUSED_FOR_GOOD = /^(22|23|42)/;

function wait({ clock, signal }: JobOptions, ms: number): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.setTimer(ms, end);
    signal.addEventListener('abort', end);
  });
}

async function attempt({ deliver, log }: JobOptions, message: LeasedMessage): Promise<readonly Outcome[]> {
  try {
    return await deliver(message);
  } catch (error) {
    const outcome = deferFault(log, message.ref, error);
    return message.entries.map(() => outcome);
  }
}

function isRefusedForGood(error: unknown): boolean {
  return REFUSED_FOR_GOOD.test(String((error as { code?: unknown }).code));
}

async function settle(
  options: JobOptions,
  message: LeasedMessage,
  outcomes: readonly Outcome[],
): Promise<SettledEntry[]> {
  const { pool, clock, owner, log } = options;
  const now = clock.now();
  const settled = message.entries.map((entry, index) => {
    const outcome = outcomes[index] ?? deferred('4.3.0', 'no outcome');
    return { entry, outcome, move: decideMove(message, entry, outcome, now, options.delayNoticeAfterMs()) };
  });
  for (let waitMs = FIRST_SETTLE_WAIT_MS; ; waitMs = Math.min(MAX_SETTLE_WAIT_MS, waitMs * 2)) {
    try {
      return await settleEntries(pool, message, owner, settled, now);
    } catch (error) {
      if (isRefusedForGood(error) || options.signal.aborted) throw error;
      log.error({ queue: message.ref, err: error }, 'outcome could not be written, will be tried again');
    }
    await wait(options, waitMs);
  }
}

function logSettled(log: Logger, message: LeasedMessage, settled: readonly SettledEntry[]): void {
  for (const { entry, outcome, move } of settled) {
    const { recipient, attempts } = entry;
    const { status, reply, remoteHost, peer, tls } = outcome;
    log.info({ queue: message.ref, recipient, attempts, status, reply, remoteHost, peer, tls }, move.trace);
  }
}

/** Never rejects. False where nobody answered for the destination. */
export async function runJob(options: JobOptions, message: LeasedMessage): Promise<boolean> {
  try {
    const outcomes = await attempt(options, message);
    logSettled(options.log, message, await settle(options, message, outcomes));
    return !outcomes.some(({ unreachable }) => unreachable);
  } catch (error) {
    options.log.error({ queue: message.ref, err: error }, 'outcome is lost, the entries return when their lease ends');
    return true;
  }
}
